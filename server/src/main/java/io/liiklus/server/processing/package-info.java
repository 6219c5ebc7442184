/**
 * Processors of records on their way into the log and out of it.
 *
 * <pre>
 *   PublishLane --&gt; PreProcessors --&gt; PreProcessing (a record) --&gt; RecordsStorage.publish
 *   RecordPump --&gt; ProcessedReader (a Receive) --&gt; PartitionReader.read
 *                      |
 *                      PostProcessing (a batch)
 * </pre>
 *
 * With no processor there is none of it: records and batches go by untouched. A {@link
 * io.liiklus.server.processing.Processor} that throws ends the call or the stream as INTERNAL and
 * is logged with its name; one that never answers is waited for until the call's deadline, or for
 * {@code receive.processingTimeout}. Nothing here knows of gRPC.
 */
package io.liiklus.server.processing;
