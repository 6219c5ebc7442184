package io.liiklus.server.inflight;

/**
 * A record that is out and more than sent once: it waits to come again, came again, or is given up.
 * Confined to its partition's owner.
 */
final class TrackedRecord {

  /** Where a record stands. */
  enum State {
    /** The client has it. */
    OUT,
    /** It is to be sent, again or for the first time. */
    WAITING,
    /** It is given up, and not stored elsewhere yet. */
    DEAD
  }

  final long offset;
  State state = State.OUT;

  /** How often it was sent; 0: it was held back. */
  int attempts;

  /** Whether the next delivery is one more attempt. */
  boolean isNacked;

  /** When it may be sent, or be stored elsewhere. */
  long dueNs;

  /** Null where it keeps no order. */
  RetryLane lane;

  // Of a record that is given up.
  String reason = "";
  int failures;

  TrackedRecord(long offset, int attempts) {
    this.offset = offset;
    this.attempts = attempts;
  }

  /** By time, then by offset. */
  static int byTime(TrackedRecord one, TrackedRecord other) {
    int byTime = Long.signum(one.dueNs - other.dueNs);
    return byTime != 0 ? byTime : Long.compare(one.offset, other.offset);
  }
}
