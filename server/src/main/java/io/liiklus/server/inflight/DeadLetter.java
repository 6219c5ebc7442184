package io.liiklus.server.inflight;

import io.liiklus.api.RecordBatch;

/**
 * A record that is given up and on its way to the dead-letter topic. Immutable.
 *
 * @param index the record's in the batch
 * @param attempts how often it was sent
 */
public record DeadLetter(RecordBatch batch, int index, long offset, int attempts, String reason) {

  /** What became of one that was on its way. */
  public enum Outcome {
    STORED,
    /** It is tried again, each time later. */
    FAILED,
    /** The storage takes no more for now, which is no fault: it is tried again soon. */
    NO_ROOM
  }
}
