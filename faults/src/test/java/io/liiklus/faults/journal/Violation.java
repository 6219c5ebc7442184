package io.liiklus.faults.journal;

/** Broken promise. Immutable. */
public record Violation(Kind kind, String text) {

  /** Which promise. */
  public enum Kind {
    /** Answered OK, and not in the log where the answer said. */
    PUBLISH_LOST,
    /** Stored more than once. */
    STORED_TWICE,
    /** Records of a key stand in another order than they were published in. */
    KEY_OUT_OF_ORDER,
    /** In the log, and not received by a group that reads from the start. */
    NOT_RECEIVED,
    /** An offset in a Receive that is not above the one before it. */
    STEP_BACK,
    /** A record between two that a Receive delivered one after the other. */
    GAP,
    /** A Receive began behind the first record that was not acked. */
    SKIPPED,
    /** A Receive began at a record that was acked before it, with no write under way. */
    ACKED_AGAIN,
    /** Received, and different from the record at that offset. */
    FOREIGN,
    /** An answer that the contract does not know. */
    SURPRISE
  }

  @Override
  public String toString() {
    return kind + ": " + text;
  }
}
