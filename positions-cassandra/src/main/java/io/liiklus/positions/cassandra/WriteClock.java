package io.liiklus.positions.cassandra;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Write times in microseconds, each later than all before and than what it replaces: a hybrid
 * logical clock. Of two writes Cassandra keeps the one with the later time, whichever came last; so
 * a write that ran into its timeout and lands late loses against the writes after it. Thread-safe.
 */
final class WriteClock {

  private final Clock clock;
  private final AtomicLong last = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLong behind = new AtomicLong();

  WriteClock(Clock clock) {
    this.clock = clock;
  }

  /**
   * The time of the next write.
   *
   * @param replaced the latest time of what the write replaces; {@link Long#MIN_VALUE} for nothing
   */
  long next(long replaced) {
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    if (replaced >= now) {
      behind.incrementAndGet();
    }
    long earliest = replaced == Long.MIN_VALUE ? now : Math.max(now, Math.addExact(replaced, 1));
    return last.accumulateAndGet(
        earliest,
        (before, wanted) -> Math.max(wanted, before == Long.MIN_VALUE ? wanted : before + 1));
  }

  /** Number of writes that replaced one whose time the clock has not reached. */
  long behind() {
    return behind.get();
  }
}
