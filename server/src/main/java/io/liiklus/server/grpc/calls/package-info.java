/**
 * Calls of the service, from their binding to its methods until their end.
 *
 * <pre>
 *   ServiceCalls --&gt; Methods --+--&gt; UnaryCall --&gt; LiiklusService   Publish, PublishBatch, Ack,
 *        |                     |        |                          GetOffsets, GetEndOffsets
 *        |                     |    OpenCalls                      those without an answer yet
 *        |                     |
 *        |                     +--&gt; StreamCall = SubscribeCall     the assignments of a session
 *        |                                 or = ReceiveCall        the records of one assignment
 *        |                              |           |
 *        +-------------------------&gt; StreamContext  RecordPump     as fast as the client takes them
 * </pre>
 *
 * A call lives on the event loop of its connection: it starts there, since the server has no
 * executor of its own, and the answers of storages are brought there first. So a call has one
 * writer and needs no lock, and a cancel is seen before the call that follows it on the connection.
 */
package io.liiklus.server.grpc.calls;
