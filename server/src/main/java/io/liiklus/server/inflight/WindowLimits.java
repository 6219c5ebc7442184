package io.liiklus.server.inflight;

/**
 * Bounds on the records of one partition that are out. Immutable.
 *
 * @param maxRecords how many may be out without an ack
 * @param maxBytes the same in bytes; one reply always goes
 * @param maxAhead how many, acked or not, may lie behind the stored position
 */
public record WindowLimits(int maxRecords, long maxBytes, int maxAhead) {}
