package io.liiklus.api;

/** Where a record landed, durably. Immutable. */
public record PublishedRecord(String topic, int partition, long offset) {}
