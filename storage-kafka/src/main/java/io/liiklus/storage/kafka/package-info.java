/**
 * Records in Kafka, and positions.
 *
 * <pre>
 *   KafkaRecordsStorage         wires the rooms, and closes them in reverse
 *      |
 *      +-- publish              one producer, which never blocks its caller
 *      +-- group                one consumer for each subscription, in its group
 *      |      |
 *      |   storage.group        what becomes of a member's partitions
 *      |      |
 *      |   storage.read         tail caches and catch-up readers, shared by all groups
 *      |      |
 *      +-- read                 Kafka's LogReaders: consumers that are in no group
 *      |
 *      client                   settings, what clients are configured with, Admin, failures
 *      |
 *      positions                KafkaPositionsStorage: a storage of its own, by a compacted topic
 * </pre>
 *
 * <p>Each room uses {@code client}, and none of the others: {@code group} reads through {@link
 * io.liiklus.storage.read.SharedReading}, for which {@code read} opens consumers.
 */
package io.liiklus.storage.kafka;
