/**
 * Sessions, their assignments and the acks, in terms of the storage ports alone.
 *
 * <p>A {@link io.liiklus.server.session.Session} is one Subscribe call: it opens one subscription
 * and knows which partitions that holds. An ack goes this way:
 *
 * <pre>
 *   Session ---- stored positions when it begins ---&gt; Positions ------------+
 *                                                                           v
 *   Acks --by group--&gt; AckShard, one for each event loop                PositionsStorage
 *                        GroupAcks: what is due together is one write ------+
 *                        PositionAcks: one value at a time, the last wins
 *                        WriteRateLimiter: ack.maxWritesPerSecond, by turns
 * </pre>
 */
package io.liiklus.server.session;
