package io.liiklus.server.inflight;

import java.util.TreeSet;

/**
 * Records of one partition that are given up, until each is stored in the dead-letter topic. A few
 * are on their way at a time; one that fails waits, each time longer. While the storage has no room
 * all wait. It has no more records than the window that they are out in. Confined to its
 * partition's owner.
 */
final class DeadLetterQueue {

  /** Records that are on their way to the dead-letter topic at once. */
  static final int MAX_ON_THEIR_WAY = 16;

  static final long FIRST_DELAY_NS = 100_000_000L;
  static final long LONGEST_DELAY_NS = 30_000_000_000L;
  static final long NO_ROOM_DELAY_NS = 50_000_000L;
  private static final int MAX_DOUBLINGS = 10;

  private final TreeSet<TrackedRecord> waiting = new TreeSet<>(TrackedRecord::byTime);
  private int onTheirWay;

  /** Whether nothing is sent before {@link #resumeNs}. */
  private boolean isHeld;

  private long resumeNs;

  void add(TrackedRecord record, String reason, long nowNs) {
    record.state = TrackedRecord.State.DEAD;
    record.reason = reason;
    record.failures = 0;
    record.dueNs = nowNs;
    waiting.add(record);
  }

  /** The next one to be stored, which is on its way now; null: none. */
  TrackedRecord poll(long nowNs) {
    if (delayNs(nowNs) > 0) {
      return null;
    }
    isHeld = false;
    onTheirWay++;
    return waiting.pollFirst();
  }

  /** One that was on its way has arrived, or failed. */
  void arrived() {
    onTheirWay--;
  }

  /** One that was on its way could not be stored, and is to be tried again. */
  void retry(TrackedRecord record, long nowNs) {
    long doubled = FIRST_DELAY_NS << Math.min(record.failures, MAX_DOUBLINGS);
    record.failures++;
    record.dueNs = nowNs + Math.min(doubled, LONGEST_DELAY_NS);
    waiting.add(record);
  }

  /** One that was on its way found no room, and is to be tried again. */
  void holdUp(TrackedRecord record, long nowNs) {
    isHeld = true;
    resumeNs = nowNs + NO_ROOM_DELAY_NS;
    waiting.add(record);
  }

  /** A record is acked after all. */
  void remove(TrackedRecord record) {
    waiting.remove(record);
  }

  boolean isEmpty() {
    return waiting.isEmpty() && onTheirWay == 0;
  }

  /** As {@link RetryQueue#delayNs}. */
  long delayNs(long nowNs) {
    if (waiting.isEmpty() || onTheirWay == MAX_ON_THEIR_WAY) {
      return Long.MAX_VALUE;
    }
    long delayNs = Math.max(0, waiting.first().dueNs - nowNs);
    return isHeld ? Math.max(delayNs, resumeNs - nowNs) : delayNs;
  }
}
