package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** By a clock that the test turns, as rests and looks want it. */
class CatchUpThrottleTest {

  private static final double MOST_LOAD = 0.7;
  private static final long LOWEST_LIMIT = 8_000_000;

  /** What each poll gives. */
  private static final long BYTES = 500_000;

  /** What a poll takes where nothing slows it down: 500 MB a second. */
  private static final long POLL_NS = 1_000_000;

  private double load;
  private double own = 0.3;
  private boolean isTailServed = true;

  /** How often a group tells that it falls behind; null: none does. */
  private Duration losing;

  private long toldNs;
  private long nowNs;

  private final CatchUpThrottle pace = pace(MOST_LOAD);

  private CatchUpThrottle pace(double mostLoad) {
    return new CatchUpThrottle(
        new CatchUpThrottle.Bounds(mostLoad, LOWEST_LIMIT),
        () -> new CatchUpThrottle.Load(load, own),
        atNs -> isTailServed,
        () -> nowNs);
  }

  /** Bytes a second that one reader fetched. */
  private double run(CatchUpThrottle pace, Duration time) {
    long beganNs = nowNs;
    long fetched = 0;
    while (nowNs - beganNs < time.toNanos()) {
      nowNs += POLL_NS;
      fetched += BYTES;
      nowNs += pace.restNs(BYTES, losingNs());
    }
    return fetched * 1e9 / (nowNs - beganNs);
  }

  private long losingNs() {
    if (losing == null || nowNs - toldNs < losing.toNanos()) {
      return 0;
    }
    long forNs = nowNs - toldNs;
    toldNs = nowNs;
    return forNs;
  }

  private double run() {
    return run(pace, Duration.ofSeconds(10));
  }

  @Test
  void whileTheProcessorsHaveTimeNothingRests() {
    load = MOST_LOAD;

    assertThat(run()).isEqualTo(500e6);
    assertThat(pace.limit()).isEqualTo(CatchUpThrottle.NO_LIMIT);
  }

  @Test
  void whileTheyAreBusyLessAndLessIsFetchedDownToTheLowest() {
    load = 1;
    run();

    assertThat(pace.limit()).isEqualTo(LOWEST_LIMIT);
    assertThat(run()).isBetween(0.95 * LOWEST_LIMIT, 1.05 * LOWEST_LIMIT);
  }

  @Test
  void itSettlesWhereTheyAreAsBusyAsTheyMayBe() {
    load = 1;
    run();
    for (int i = 0; i < 100; i++) {
      // A machine that has the half to do for others, and the other half at 200 MB/s.
      load = Math.min(1, 0.5 + 0.5 * run(pace, CatchUpThrottle.LOOK) / 200e6);
    }

    assertThat(load).isBetween(MOST_LOAD - 0.05, MOST_LOAD + 0.05);
    assertThat(pace.limit()).isBetween(70_000_000L, 90_000_000L);
  }

  @Test
  void severalReadersShareOneLimit() {
    load = 1;
    run();
    run();
    long first = pace.restNs(BYTES, 0);
    long second = pace.restNs(BYTES, 0);

    assertThat(second - first).isEqualTo((long) (BYTES * 1e9 / LOWEST_LIMIT));
  }

  @Test
  void noReaderRestsForLong() {
    load = 1;
    run();

    assertThat(pace.restNs(1 << 30, 0)).isEqualTo(CatchUpThrottle.LONGEST_REST.toNanos());
    nowNs += CatchUpThrottle.LONGEST_REST.toNanos();
    assertThat(pace.restNs(1, 0)).isLessThan(1_000);
  }

  @Test
  void itEndsWithTheLastRecordAtAnEnd() {
    load = 1;
    run();
    isTailServed = false;
    run();

    assertThat(pace.limit()).isEqualTo(CatchUpThrottle.NO_LIMIT);
    assertThat(run()).isEqualTo(500e6);
  }

  @Test
  void aGroupThatFallsFurtherBehindIsReadForFasterHoweverBusyTheyAre() {
    load = 1;
    run();
    losing = Duration.ofSeconds(3);
    toldNs = nowNs;
    run();

    assertThat(pace.isSlowing()).isFalse();
    assertThat(pace.limit()).isGreaterThan(10 * LOWEST_LIMIT);
    assertThat(run()).isGreaterThan(10 * LOWEST_LIMIT);
  }

  @Test
  void nobodyIsSlowedDownWhoFetchesLessThanTheLimit() {
    load = 1;
    run();
    assertThat(pace.isSlowing()).isTrue();
    for (int i = 0; i < 10; i++) {
      nowNs += CatchUpThrottle.LOOK.toNanos();
      pace.restNs(1, 0);
    }

    assertThat(pace.limit()).isEqualTo(LOWEST_LIMIT);
    assertThat(pace.isSlowing()).isFalse();
  }

  @Test
  void nothingIsSlowedDownForWhatOtherProcessesDo() {
    load = 1;
    own = CatchUpThrottle.LITTLE_LOAD - 0.01;

    assertThat(run()).isEqualTo(500e6);
  }

  @Test
  void afterAPauseItBeginsAnew() {
    load = 1;
    run();
    nowNs += CatchUpThrottle.PAUSE.toNanos();

    assertThat(pace.limit()).isEqualTo(CatchUpThrottle.NO_LIMIT);
    assertThat(pace.restNs(BYTES, 0)).isZero();
  }

  @Test
  void withoutABoundOrALoadNothingRests() {
    load = 1;
    assertThat(run(pace(1), Duration.ofSeconds(10))).isEqualTo(500e6);
    load = -1;
    assertThat(run()).isEqualTo(500e6);
    load = Double.NaN;
    assertThat(run()).isEqualTo(500e6);
    load = 1;
    own = -1;
    assertThat(run()).isEqualTo(500e6);
  }

  @Test
  void moreProcessorsMayBeBusierForTheSameWait() {
    // Erlang's C formula has closed forms for these two.
    assertThat(CatchUpThrottle.loadOf(0.1, 1)).isCloseTo(0.1, within(1e-3));
    assertThat(CatchUpThrottle.loadOf(0.1, 2)).isCloseTo(0.25, within(1e-3));
    // By the recurrence of the blocking probability.
    assertThat(CatchUpThrottle.loadOf(0.1, 16)).isCloseTo(0.674, within(1e-3));
    assertThat(CatchUpThrottle.loadOf(1, 16)).isEqualTo(1);
  }

  @Test
  void whatIsNeverTakenAwayGrowsWithTheProcessors() {
    assertThat(CatchUpThrottle.Bounds.of(0.1, 2))
        .isEqualTo(
            new CatchUpThrottle.Bounds(
                CatchUpThrottle.loadOf(0.1, 2), 2 * CatchUpThrottle.LOWEST_OF_EACH));
  }

  @Test
  void theLoadOfThisMachineIsKnown() {
    assertThat(CatchUpThrottle.Load.now().all()).isBetween(0.0, 1.0);
    assertThat(CatchUpThrottle.Load.now().own()).isBetween(0.0, 1.0);
  }
}
