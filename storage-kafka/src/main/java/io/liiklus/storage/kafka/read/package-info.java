/**
 * Kafka's readers for {@link io.liiklus.storage.read.SharedReading}: consumers that are in no
 * group, whose exceptions become outcomes.
 *
 * <p>Leader epochs travel in {@link io.liiklus.storage.read.FetchPosition}; with one the consumer
 * asks the leader whether the log still holds before it reads on (KIP-320).
 */
package io.liiklus.storage.kafka.read;
