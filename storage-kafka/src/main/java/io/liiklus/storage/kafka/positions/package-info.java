/**
 * Positions in Kafka: a compacted topic of one partition, which every gateway reads whole.
 *
 * <pre>
 *   key     &lt;topic&gt; \0 &lt;group&gt; \0 &lt;version&gt; \0 &lt;partition&gt;     value   the offset, as decimal text; none: deleted
 *
 *   store   PositionsWriter --one batch, acks=all--&gt; the topic --PositionsReader--&gt; PositionsView
 *   find    ReadBarrier: where does the topic end?  --PositionsView has come that far--&gt; answer
 * </pre>
 *
 * The one partition gives the writes of all gateways one order, which is what "the last write wins"
 * means here. A find asks for the end of the log first, and is answered when the view has come that
 * far: so it sees every write that was answered before it, by whichever gateway.
 *
 * <p>The topic is known by its id. One that was deleted, or made anew under the same name, is never
 * taken for one without positions: all calls fail until the gateway is started again.
 */
package io.liiklus.storage.kafka.positions;
