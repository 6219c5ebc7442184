package io.liiklus.storage.read;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Proportional control of the processors' load by the bytes a second that catch-up readers fetch: a
 * record at the end of a log waits for a processor at each hop, so some have to be free. Twice a
 * second the limit is multiplied by target / load. Thread-safe.
 */
public final class CpuTargetThrottle implements CatchUpThrottle {

  /** Lower bound of the limit. */
  public static final long FLOOR = Runtime.getRuntime().availableProcessors() * (4L << 20);

  /** Share of the processors' time below which other processes keep them busy. */
  static final double SMALL_OWN_LOAD = 0.1;

  static final Duration INTERVAL = Duration.ofMillis(500);

  /** Time without a fetch after which the limit is lifted. */
  static final Duration PAUSE = Duration.ofSeconds(2);

  static final Duration LONGEST_REST = Duration.ofMillis(500);

  /** Unused time that later fetches may use up without a rest. */
  private static final Duration BURST = Duration.ofMillis(50);

  private static final double LOWEST_FACTOR = 0.5;
  private static final double HIGHEST_FACTOR = 1.2;
  private static final double SECOND_NS = 1e9;

  /** Percent of the processors' time: one processor, and each time twice as many. */
  private static final int[] PERCENTS = {15, 25, 40, 55, 65};

  /**
   * Shares of the processors' time that were in use since the last call, 0 to 1; negative: unknown.
   *
   * @param all of every process of the machine or container
   * @param own of this process
   */
  public record Load(double all, double own) {

    /** The load as the JVM measures it. */
    public static Load now() {
      return ManagementFactory.getOperatingSystemMXBean()
              instanceof com.sun.management.OperatingSystemMXBean system
          ? new Load(system.getCpuLoad(), system.getProcessCpuLoad())
          : new Load(-1, -1);
    }
  }

  private final double target;
  private final Supplier<Load> loads;
  private final LongPredicate isTailServed;
  private final LongSupplier clockNs;

  // Guarded by this; taken once a fetch.
  private long limit = NO_LIMIT;
  private long fetchedBytes;
  private long adjustedNs;
  private long paidUntilNs;

  CpuTargetThrottle(
      double target, Supplier<Load> loads, LongPredicate isTailServed, LongSupplier clockNs) {
    this.target = target;
    this.loads = loads;
    this.isTailServed = isTailServed;
    this.clockNs = clockNs;
    this.adjustedNs = clockNs.getAsLong();
    this.paidUntilNs = adjustedNs;
  }

  static int percentFor(int processors) {
    int log2 = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(processors);
    return PERCENTS[Math.min(log2, PERCENTS.length - 1)];
  }

  @Override
  public synchronized long limit() {
    return clockNs.getAsLong() - adjustedNs >= PAUSE.toNanos() ? NO_LIMIT : limit;
  }

  @Override
  public synchronized long restNs(long bytes) {
    long nowNs = clockNs.getAsLong();
    fetchedBytes += bytes;
    if (nowNs - adjustedNs >= INTERVAL.toNanos()) {
      adjust(nowNs);
    }
    long costNs = limit == NO_LIMIT ? 0 : (long) (bytes * SECOND_NS / limit);
    long debtNs = Math.max(paidUntilNs - nowNs, -BURST.toNanos()) + costNs;
    paidUntilNs = nowNs + Math.min(debtNs, LONGEST_REST.toNanos());
    return limit == NO_LIMIT ? 0 : Math.max(0, paidUntilNs - nowNs);
  }

  private void adjust(long nowNs) {
    long sinceNs = nowNs - adjustedNs;
    double rate = fetchedBytes * SECOND_NS / sinceNs;
    adjustedNs = nowNs;
    fetchedBytes = 0;
    // Also after a pause, so that the next call's loads are of one interval.
    var load = loads.get();
    boolean isKnown = load.all() >= 0 && load.own() >= 0;
    if (!isKnown || sinceNs >= PAUSE.toNanos() || !isTailServed.test(nowNs)) {
      limit = NO_LIMIT;
      return;
    }
    double factor =
        load.own() < SMALL_OWN_LOAD
            ? HIGHEST_FACTOR
            : Math.max(LOWEST_FACTOR, Math.min(target / load.all(), HIGHEST_FACTOR));
    if (factor < 1) {
      limit = Math.max(FLOOR, (long) (Math.min((double) limit, rate) * factor));
    } else if (rate >= limit / 2.0) {
      // A limit that readers do not reach does not keep the processors free.
      limit = (long) (limit * factor);
    }
  }
}
