/**
 * The port that clients see.
 *
 * <pre>
 *   connection -> event loop -> Methods, which binds each method to
 *       UnaryCall        Publish, PublishBatch, Ack, GetOffsets, GetEndOffsets: one request,
 *                        one answer in time
 *       SubscribeCall    says the assignments of a session
 *       ReceiveCall      pumps the records of one assignment, as fast as the client takes them
 * </pre>
 *
 * A call lives on the event loop of its connection: it starts there, since the server has no
 * executor of its own, and whatever a storage answers is brought there first. So a call has one
 * writer and needs no lock, and a cancel is seen before the call that follows it on the connection.
 */
package io.liiklus.server.grpc;
