package io.liiklus.storage.sql.records;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time by which records are old: that of the machine, but for a jump forward, which it follows only
 * once that has lasted. A clock that is wrong for a moment removes nothing. Confined to one thread.
 *
 * <p>A jump is told by the time that passed since the last call, which no setting of the clock
 * changes. A machine that was asleep, or whose clock was put right, looks the same, and has its
 * records removed so much later.
 */
final class RetentionClock {

  /** A clock that goes forward by more, between two calls, has jumped. */
  static final Duration JUMP = Duration.ofMinutes(5);

  /** How long the clock has to stay ahead to be believed. */
  static final Duration LASTING = Duration.ofHours(1);

  private static final Logger log = LoggerFactory.getLogger(RetentionClock.class);

  private final LongSupplier clockMs;
  private final LongSupplier clockNs;

  /** By how much the clock is ahead of the time that passes. */
  private long aheadMs;

  private boolean isDoubted;
  private long doubtedNs;

  /**
   * @param clockMs as {@link System#currentTimeMillis}
   * @param clockNs as {@link System#nanoTime}
   */
  RetentionClock(LongSupplier clockMs, LongSupplier clockNs) {
    this.clockMs = clockMs;
    this.clockNs = clockNs;
    this.aheadMs = aheadMs();
  }

  private long aheadMs() {
    return clockMs.getAsLong() - passedMs();
  }

  private long passedMs() {
    return TimeUnit.NANOSECONDS.toMillis(clockNs.getAsLong());
  }

  /** Milliseconds since 1970. */
  long nowMs() {
    long nowAheadMs = aheadMs();
    long jumpMs = nowAheadMs - aheadMs;
    if (jumpMs <= JUMP.toMillis()) {
      isDoubted = false;
      aheadMs = nowAheadMs;
    } else if (!isDoubted) {
      isDoubted = true;
      doubtedNs = clockNs.getAsLong();
      log.warn(
          "the clock went forward at once: records are removed by the time before until it has"
              + " stayed so for an hour, seconds={}",
          TimeUnit.MILLISECONDS.toSeconds(jumpMs));
    } else if (clockNs.getAsLong() - doubtedNs >= LASTING.toNanos()) {
      isDoubted = false;
      aheadMs = nowAheadMs;
      log.info("the clock is believed again, records are removed by it");
    }
    return passedMs() + aheadMs;
  }
}
