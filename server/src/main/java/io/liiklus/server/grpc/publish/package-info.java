/**
 * Publishes between a call and the records storage: backpressure to each connection, and answers to
 * a record or a batch. {@link io.liiklus.server.grpc.publish.PublishLanes} draws the lanes.
 *
 * <pre>
 *   PublishLanes --&gt; LoopLanes, one a loop &lt;--&gt; PublishLane, one a connection
 *                                                    ^
 *                                                    +--&gt; QueuedRequest    waits for its turn
 *                                                    +--&gt; ProcessingLane   records at processors
 *                                                    +--&gt; WaitingPublish   the storage is full
 *
 *   PartialAnswer = PublishAnswer, or BatchAnswer over the records of one batch
 * </pre>
 */
package io.liiklus.server.grpc.publish;
