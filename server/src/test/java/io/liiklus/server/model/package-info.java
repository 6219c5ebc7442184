/**
 * The gateway on one thread, between a log, a positions storage and clients that are made up, so
 * that whatever happens on many threads can be had in any order, again and again.
 *
 * <pre>
 *   Script   what happens, made from a seed -> Run: does it in a World -> Settling: all heals
 *   World    ModelReceive, ModelAck, Member: the calls of clients, each a SteppedCall
 *              -> ReceiveCall, RecordPump, Session, Acks: the gateway's own
 *              -> GroupMember: the storage's own; SessionTap and ReaderTap look at what passes
 *              -> ModelConsumer -> ModelGroup; ModelTopic; ModelPositions
 *            TailReader, CatchUpReader: the storage's own, which all groups share
 *              -> ModelReader -> ModelTopic, ModelFaults
 *   Delivery, ModelAcks, SessionTap: what must hold; Witness: what did not
 * </pre>
 *
 * Tasks of an event loop run one by one, storages answer when the script says so, and what a script
 * does while a poll waits, or a rebalance, is done in the middle of it. What two threads do within
 * one method at the same time is not tried here.
 */
package io.liiklus.server.model;
