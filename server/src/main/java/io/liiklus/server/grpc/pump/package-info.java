/**
 * Sending of a partition's records as fast as the client takes them.
 *
 * <pre>
 *   PartitionReader --batches--&gt; RecordPump --replies--&gt; RecordSink: a Receive, or a partition
 *                                                          of a Consume
 * </pre>
 */
package io.liiklus.server.grpc.pump;
