/**
 * Consuming in one call: membership, records and acks of all assigned partitions.
 *
 * <pre>
 *   requests --&gt; Consumption --+--&gt; ConsumedPartition --+--&gt; InflightPartition  what is out
 *   of a call      |           |    one for each        +--&gt; RecordPump         first deliveries
 *                  |           |    assignment          +--&gt; StoredFirstPump    at most once
 *                  |           |                        +--&gt; PositionWriter --&gt; Acks
 *                  |           |                        +--&gt; DeadLetterPublisher --&gt; RecordsStorage
 *                  |           +--&gt; ReplyStream --&gt; ConsumeReplies   what is said beside records
 *                  |           +--&gt; ConsumeRequests        those behind the first, checked
 *                  +--&gt; ConsumeTerms                      the first request, checked
 * </pre>
 *
 * <p>All of a call is confined to its event loop. Notifications of storages are brought there.
 */
package io.liiklus.server.grpc.consume;
