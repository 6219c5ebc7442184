/**
 * Records in Apache Pulsar: partitions of topics as logs, read by non-durable readers, for groups
 * over a coordination store. No subscription of Pulsar is made, so none has to be removed.
 *
 * <pre>
 *   publish   PulsarPublisher -> TopicPublisher -> a producer of the client
 *   read      PulsarLogReader -> PartitionCursor -> a reader of the client, from an offset on
 *   ranges    LogProbes -> a reader of the client at the start
 * </pre>
 *
 * <p>{@link io.liiklus.storage.pulsar.PulsarOffsets} makes offsets of message ids, {@link
 * io.liiklus.storage.pulsar.MessageCodec} records of messages.
 */
package io.liiklus.storage.pulsar;
