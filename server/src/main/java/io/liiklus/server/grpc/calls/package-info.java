/**
 * Calls of the service, from their binding to its methods until their end.
 *
 * <pre>
 *   ServiceCalls --&gt; Methods --+--&gt; LiiklusService   handlers of Publish, PublishBatch, Ack,
 *        |                     |                     GetOffsets, GetEndOffsets, and of batches
 *        |                     +--&gt; UnaryCall        one call of these; OpenCalls: those without an
 *        |                     |                     answer yet
 *        |                     +--&gt; PublishStreamCall   StreamedBatches, each as a PublishBatch
 *        |                     |
 *        |                     +--&gt; SubscribeCall    the assignments of a session
 *        |                     |
 *        |                     +--&gt; ReceiveCall      the records of one assignment, by a
 *        |                     |                     RecordPump, as fast as the client takes them
 *        |                     +--&gt; ConsumeCall      requests of a Consumption
 *        |                                |
 *        +----------------------&gt; StreamContext      state of all streams
 * </pre>
 *
 * Streams of replies are a {@code StreamCall}. All of these run on a {@link
 * io.liiklus.server.grpc.calls.GatewayCore}.
 *
 * <p>A call lives on the event loop of its connection: it starts there, since the server has no
 * executor of its own, and the answers of storages are brought there first. So a call has one
 * writer and needs no lock, and a cancel is seen before the call that follows it on the connection.
 */
package io.liiklus.server.grpc.calls;
