package io.liiklus.api;

/**
 * Place of a durably stored record. Immutable.
 *
 * @param offset {@link Offsets#UNKNOWN} where the storage does not return it
 */
public record PublishedRecord(String topic, int partition, long offset) {}
