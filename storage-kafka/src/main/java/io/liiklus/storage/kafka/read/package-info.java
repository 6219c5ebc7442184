/**
 * Kafka's readers for {@link io.liiklus.storage.read.SharedReading}: consumers that are in no
 * group, whose exceptions become outcomes.
 *
 * <pre>
 *   KafkaLogReaders --+--&gt; KafkaTailReader  &lt;--+     many partitions at the end of their logs
 *                     +--&gt; KafkaCatchUpReader -+     one partition at a time, behind it
 *
 *   both: KafkaRecordBatch, KafkaPositions, UnreadableRecords
 * </pre>
 *
 * <p>Leader epochs travel in {@link io.liiklus.storage.read.FetchPosition}; with one, the consumer
 * has the leader validate the position before it reads on (KIP-320).
 */
package io.liiklus.storage.kafka.read;
