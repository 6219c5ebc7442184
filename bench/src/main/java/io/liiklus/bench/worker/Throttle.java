package io.liiklus.bench.worker;

import java.util.concurrent.TimeUnit;

/** Rate limit in bytes a second. Confined to one thread. */
final class Throttle {

  /** Largest time that is caught up. */
  private static final long MAX_DEBT_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final double nsPerByte;
  private long dueNs;

  /**
   * @param bytesPerSecond 0: all that come
   */
  Throttle(int bytesPerSecond, long nowNs) {
    this.nsPerByte = bytesPerSecond == 0 ? 0 : 1e9 / bytesPerSecond;
    this.dueNs = nowNs;
  }

  /** Whether there is a limit. */
  boolean isLimited() {
    return nsPerByte > 0;
  }

  /**
   * Counts bytes that were taken.
   *
   * @return how long to wait before the next; 0 where there is no need to
   */
  long taken(long bytes, long nowNs) {
    dueNs = Math.max(dueNs, nowNs - MAX_DEBT_NS) + (long) (bytes * nsPerByte);
    return Math.max(0, dueNs - nowNs);
  }
}
