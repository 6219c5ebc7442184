package io.liiklus.api;

/**
 * Where a record landed, durably. Immutable.
 *
 * @param offset {@link Offsets#UNKNOWN} where the storage does not tell it
 */
public record PublishedRecord(String topic, int partition, long offset) {}
