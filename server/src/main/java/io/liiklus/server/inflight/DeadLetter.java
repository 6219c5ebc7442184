package io.liiklus.server.inflight;

import io.liiklus.api.RecordBatch;

/**
 * A record that is given up and on its way to the dead-letter topic. Immutable.
 *
 * @param index the record's in the batch
 * @param attempts how often it was sent
 */
public record DeadLetter(RecordBatch batch, int index, long offset, int attempts, String reason) {}
