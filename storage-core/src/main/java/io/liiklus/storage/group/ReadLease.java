package io.liiklus.storage.group;

import java.util.function.LongSupplier;

/**
 * The time for which a gateway may read the partitions of its members: by its last good beat, or
 * since the store is away, so that nobody can take them over. Confined to the groups' loop, but for
 * {@link #isReadable}.
 *
 * <p>Reads are held back from 0.9 of the session timeout on: between the look at the clock and the
 * end of a read some time passes.
 */
final class ReadLease {

  private final CoordinationSettings settings;
  private final LongSupplier clockNs;
  private final Runnable onReadable;

  // Loop only.
  private boolean isLeased;
  private long leasedFromNs;
  private boolean isFailing;
  private long failingFromNs;
  private long failedNs;

  // Any thread.
  private volatile long readableUntilNs;

  /**
   * @param onReadable notified when reads that were held back may go on
   */
  ReadLease(CoordinationSettings settings, LongSupplier clockNs, Runnable onReadable) {
    this.settings = settings;
    this.clockNs = clockNs;
    this.onReadable = onReadable;
    this.readableUntilNs = clockNs.getAsLong() - 1;
  }

  /** Asked before each batch. Any thread. */
  boolean isReadable() {
    return readableUntilNs - clockNs.getAsLong() >= 0;
  }

  void onGoodBeat(long sentNs) {
    isFailing = false;
    if (!isLeased || sentNs - leasedFromNs > 0) {
      leasedFromNs = sentNs;
    }
    isLeased = true;
    update();
  }

  /** Either an earlier beat was written after all, or this gateway is dead: not known yet. */
  void onRefusedBeat() {
    isFailing = false;
    isLeased = false;
    update();
  }

  void onFailedBeat() {
    long nowNs = clockNs.getAsLong();
    if (!isFailing || nowNs - failedNs > longestPauseNs()) {
      failingFromNs = nowNs;
    }
    isFailing = true;
    failedNs = nowNs;
    update();
  }

  void end() {
    isLeased = false;
    isFailing = false;
    update();
  }

  /** Failures that are further apart are not one outage. */
  private long longestPauseNs() {
    return 2 * settings.interval().toNanos() + settings.callTimeout().toNanos();
  }

  /** Once beats have failed for a call timeout it is the store that is away, not one call. */
  boolean isAway() {
    return isFailing
        && failedNs - failingFromNs >= settings.callTimeout().toNanos()
        && clockNs.getAsLong() - failedNs <= longestPauseNs();
  }

  private void update() {
    boolean wasReadable = isReadable();
    long untilNs = clockNs.getAsLong() - 1;
    if (isLeased) {
      long leasedUntilNs = leasedFromNs + settings.sessionTimeout().toNanos() / 10 * 9;
      untilNs = leasedUntilNs - untilNs > 0 ? leasedUntilNs : untilNs;
    }
    if (isAway()) {
      long awayUntilNs = failedNs + longestPauseNs();
      untilNs = awayUntilNs - untilNs > 0 ? awayUntilNs : untilNs;
    }
    readableUntilNs = untilNs;
    if (!wasReadable && isReadable()) {
      onReadable.run();
    }
  }
}
