package io.liiklus.storage.kafka;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Slows catching up down while groups at the end of their logs get records, so that the machine's
 * processors keep some of their time free: a record waits for a processor at each of its hops, and
 * where all are busy with old records the new ones are late. Thread-safe, without a lock.
 *
 * <p>There is one limit, in bytes a second, for what all catch-up readers fetch. It is lowered
 * while the processors are busier than they may be and raised while they are not, by what they had
 * to do since the last look. A reader pays for what it has fetched by a rest. However busy they
 * are, the limit is raised where it is other processes that keep them so, and where a group falls
 * further behind though its client takes all that it gets.
 */
final class CatchUpThrottle {

  /** What is never taken away, in bytes a second, for each processor. */
  static final long LOWEST_OF_EACH = 4 << 20;

  static final long NO_LIMIT = Long.MAX_VALUE;

  /** Where this process has less of the processors' time, the limit is raised. */
  static final double LITTLE_LOAD = 0.1;

  static final Duration LOOK = Duration.ofMillis(250);

  /** Where nothing was fetched for so long, all begins anew, without a limit. */
  static final Duration PAUSE = Duration.ofSeconds(1);

  /** A reader polls as often as this, whatever it and the others have fetched. */
  static final Duration LONGEST_REST = Duration.ofMillis(500);

  /**
   * How many times the time for which a group has fallen further behind the limit is raised for it,
   * so that it is until its next turn comes; and the longest that it is.
   */
  private static final int RELIEF = 2;

  private static final Duration LONGEST_RELIEF = Duration.ofSeconds(30);

  /** How much of what was not fetched may be fetched later without a rest. */
  private static final Duration SAVED = Duration.ofMillis(50);

  /** How much a look changes the limit at the most, or what was fetched where that is less. */
  private static final double LOWERED = 0.7;

  private static final double RAISED = 1.2;

  /** The part of a limit that has to be made use of before it is raised, or slows anybody down. */
  private static final double USED = 0.7;

  /** How much of the newest look is in the loads that decide: a single one is coarse. */
  private static final double NEWEST = 0.5;

  private static final double SECOND_NS = 1e9;

  /** For more digits than loads are known by. */
  private static final int HALVINGS = 20;

  /**
   * The bounds that depend on the machine.
   *
   * @param mostLoad the part of the processors' time that may be in use; 1: nothing is slowed down
   * @param lowestLimit in bytes a second, for all
   */
  record Bounds(double mostLoad, long lowestLimit) {

    /**
     * @param wait how probable it may be that a record finds all processors busy, from 0 to 1
     */
    static Bounds of(double wait, int processors) {
      return new Bounds(loadOf(wait, processors), processors * LOWEST_OF_EACH);
    }
  }

  /**
   * How much of the processors' time was in use since this was last asked for, from 0 to 1;
   * negative where it is not known.
   *
   * @param all by every process of the machine, or of the container
   * @param own by this one
   */
  record Load(double all, double own) {

    private static final Load NONE = new Load(0, 0);

    /** As the JVM knows it. */
    static Load now() {
      return ManagementFactory.getOperatingSystemMXBean()
              instanceof com.sun.management.OperatingSystemMXBean system
          ? new Load(system.getCpuLoad(), system.getProcessCpuLoad())
          : new Load(-1, -1);
    }

    private boolean isKnown() {
      return all >= 0 && own >= 0;
    }

    private Load smoothed(Load now) {
      return new Load(all + NEWEST * (now.all - all), own + NEWEST * (now.own - own));
    }
  }

  private final Bounds bounds;
  private final Supplier<Load> loads;
  private final LongPredicate isTailServed;
  private final LongSupplier clockNs;

  private final LongAdder fetchedBytes = new LongAdder();
  private final AtomicLong lookedNs;

  /** When what was fetched so far is paid for. */
  private final AtomicLong paidNs;

  private final AtomicLong relievedUntilNs;
  private volatile long limit = NO_LIMIT;
  private volatile boolean isSlowing;

  /** Of the reader that looks, one at a time. */
  private volatile Load load = Load.NONE;

  /**
   * @param isTailServed whether, at a time, groups at the end of their logs get records
   */
  CatchUpThrottle(
      Bounds bounds, Supplier<Load> loads, LongPredicate isTailServed, LongSupplier clockNs) {
    this.bounds = bounds;
    this.loads = loads;
    this.isTailServed = isTailServed;
    this.clockNs = clockNs;
    this.lookedNs = new AtomicLong(clockNs.getAsLong());
    this.paidNs = new AtomicLong(clockNs.getAsLong());
    this.relievedUntilNs = new AtomicLong(clockNs.getAsLong());
  }

  /**
   * How busy so many processors are where a record that comes at a random time finds all of them
   * busy with this probability: Erlang's C formula, solved by halving the interval.
   *
   * @param wait from 0 to 1
   * @see <a href="https://en.wikipedia.org/wiki/Erlang_(unit)#Erlang_C_formula">Erlang C</a>
   */
  static double loadOf(double wait, int processors) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double load = (low + high) / 2;
      if (waitAt(load, processors) < wait) {
        low = load;
      } else {
        high = load;
      }
    }
    return high;
  }

  private static double waitAt(double load, int processors) {
    // Erlang's B formula first: that all are busy where nobody waits.
    double blocked = 1;
    for (int i = 1; i <= processors; i++) {
      double offered = load * processors * blocked;
      blocked = offered / (i + offered);
    }
    return blocked / (1 - load * (1 - blocked));
  }

  /** Slows nothing down. */
  static CatchUpThrottle free() {
    return new CatchUpThrottle(new Bounds(1, 0), () -> Load.NONE, nowNs -> false, () -> 0);
  }

  /** In bytes a second, or {@link #NO_LIMIT}. */
  long limit() {
    return isPause(clockNs.getAsLong() - lookedNs.get()) ? NO_LIMIT : limit;
  }

  /**
   * Whether readers have to rest: they come up to the limit, and it is not being raised for a group
   * that falls further behind.
   */
  boolean isSlowing() {
    return isSlowing && limit() != NO_LIMIT;
  }

  /**
   * Something was fetched.
   *
   * @param losingNs since when its group falls further behind, until now; 0: it does not
   * @return how long to rest before more is; 0 or less: not at all
   */
  long restNs(long bytes, long losingNs) {
    if (bounds.mostLoad() >= 1) {
      return 0;
    }
    long nowNs = clockNs.getAsLong();
    fetchedBytes.add(bytes);
    if (losingNs > 0) {
      long reliefNs = Math.min(RELIEF * losingNs, LONGEST_RELIEF.toNanos());
      relievedUntilNs.accumulateAndGet(nowNs + reliefNs, Math::max);
    }
    long lastNs = lookedNs.get();
    if (nowNs - lastNs >= LOOK.toNanos() && lookedNs.compareAndSet(lastNs, nowNs)) {
      look(nowNs, nowNs - lastNs);
    }
    long most = limit;
    if (most == NO_LIMIT) {
      return 0;
    }
    long costNs = (long) (bytes * SECOND_NS / most);
    return paidNs.updateAndGet(before -> paid(before, costNs, nowNs)) - nowNs;
  }

  private static long paid(long before, long costNs, long nowNs) {
    long from = Math.max(before - nowNs, -SAVED.toNanos());
    return nowNs + Math.min(from + costNs, LONGEST_REST.toNanos());
  }

  private void look(long nowNs, long sinceNs) {
    var now = loads.get();
    double fetched = fetchedBytes.sumThenReset() * SECOND_NS / sinceNs;
    if (!now.isKnown() || isPause(sinceNs) || !isTailServed.test(nowNs)) {
      load = Load.NONE;
      limit = NO_LIMIT;
      return;
    }
    var smoothed = load.smoothed(now);
    load = smoothed;
    boolean isRelieved = nowNs < relievedUntilNs.get();
    boolean isToBeRaised = smoothed.own() < LITTLE_LOAD || isRelieved;
    isSlowing = !isRelieved && isUsed(fetched);
    limit = next(fetched, smoothed.all() - bounds.mostLoad(), isToBeRaised);
  }

  private static boolean isPause(long sinceNs) {
    return sinceNs >= PAUSE.toNanos();
  }

  /**
   * The limit from now on.
   *
   * @param fetched bytes a second, since the last look
   * @param excess how much busier the processors are than they may be; negative: less busy
   */
  private long next(double fetched, double excess, boolean isToBeRaised) {
    long now = limit;
    if (now == NO_LIMIT && (excess <= 0 || isToBeRaised)) {
      return NO_LIMIT;
    }
    double factor = isToBeRaised ? RAISED : Math.max(LOWERED, Math.min(1 - excess, RAISED));
    if (factor < 1) {
      return Math.max(bounds.lowestLimit(), (long) (Math.min((double) now, fetched) * factor));
    }
    return isUsed(fetched) ? (long) (now * factor) : now;
  }

  private boolean isUsed(double fetched) {
    return fetched >= USED * limit;
  }
}
