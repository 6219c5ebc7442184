package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** By a clock that the test turns, as rests and adjustments want it. */
class CpuTargetThrottleTest {

  private static final double TARGET = 0.7;
  private static final long FLOOR = CpuTargetThrottle.FLOOR;

  /** What each fetch returns. */
  private static final long BYTES = 500_000;

  /** Time of a fetch: 500 MB a second where nothing rests. */
  private static final long FETCH_NS = 1_000_000;

  private static final double FREE_RATE = BYTES * 1e9 / FETCH_NS;

  private double load;
  private double own = 0.3;
  private boolean isTailServed = true;
  private long nowNs;

  private final CatchUpThrottle throttle = throttle(70);

  private CatchUpThrottle throttle(int percent) {
    return CatchUpThrottle.cpuTarget(
        percent, () -> new CpuTargetThrottle.Load(load, own), atNs -> isTailServed, () -> nowNs);
  }

  /** Bytes a second that one reader fetches. */
  private double run(CatchUpThrottle by, Duration time) {
    long beganNs = nowNs;
    long fetched = 0;
    while (nowNs - beganNs < time.toNanos()) {
      nowNs += FETCH_NS;
      fetched += BYTES;
      nowNs += by.restNs(BYTES);
    }
    return fetched * 1e9 / (nowNs - beganNs);
  }

  private double run() {
    return run(throttle, Duration.ofSeconds(10));
  }

  @Test
  void loadBelowTarget_letsNothingRest() {
    load = TARGET;

    assertThat(run()).isEqualTo(FREE_RATE);
    assertThat(throttle.limit()).isEqualTo(CatchUpThrottle.NO_LIMIT);
  }

  @Test
  void loadAboveTarget_lowersTheLimitToTheFloor() {
    load = 1;
    run();

    assertThat(throttle.limit()).isEqualTo(FLOOR);
    assertThat(run()).isBetween(0.95 * FLOOR, 1.05 * FLOOR);
  }

  @Test
  void loadThatFollowsTheRate_settlesAtTheTarget() {
    load = 1;
    run();
    // A machine that has the half to do for others, and the other half at 400 MB/s.
    for (int i = 0; i < 50; i++) {
      load = Math.min(1, 0.5 + 0.5 * run(throttle, CpuTargetThrottle.INTERVAL) / 400e6);
    }

    assertThat(load).isBetween(TARGET - 0.02, TARGET + 0.02);
    assertThat((double) throttle.limit()).isBetween(150e6, 170e6);
  }

  @Test
  void readers_shareOneLimit() {
    load = 1;
    run();
    run();
    long first = throttle.restNs(BYTES);
    long second = throttle.restNs(BYTES);

    assertThat(second - first).isEqualTo((long) (BYTES * 1e9 / FLOOR));
  }

  @Test
  void rest_isBounded() {
    load = 1;
    run();

    assertThat(throttle.restNs(1 << 30)).isEqualTo(CpuTargetThrottle.LONGEST_REST.toNanos());
    nowNs += CpuTargetThrottle.LONGEST_REST.toNanos();
    assertThat(throttle.restNs(1)).isLessThan(1_000);
  }

  @Test
  void lastRecordAtAnEnd_liftsTheLimit() {
    load = 1;
    run();
    isTailServed = false;
    run();

    assertThat(throttle.limit()).isEqualTo(CatchUpThrottle.NO_LIMIT);
    assertThat(run()).isEqualTo(FREE_RATE);
  }

  @Test
  void limitThatIsNotUsed_isNotRaised() {
    load = 1;
    run();
    load = 0;
    for (int i = 0; i < 10; i++) {
      nowNs += CpuTargetThrottle.INTERVAL.toNanos();
      throttle.restNs(1);
    }

    assertThat(throttle.limit()).isEqualTo(FLOOR);
  }

  @Test
  void limitThatIsUsed_isRaisedAsLoadFalls() {
    load = 1;
    run();
    load = 0;
    run(throttle, Duration.ofMinutes(1));

    assertThat(run()).isEqualTo(FREE_RATE);
  }

  @Test
  void loadOfOtherProcesses_letsNothingRest() {
    load = 1;
    own = CpuTargetThrottle.SMALL_OWN_LOAD - 0.01;

    assertThat(run()).isEqualTo(FREE_RATE);
  }

  @Test
  void pause_liftsTheLimit() {
    load = 1;
    run();
    nowNs += CpuTargetThrottle.PAUSE.toNanos();

    assertThat(throttle.limit()).isEqualTo(CatchUpThrottle.NO_LIMIT);
    assertThat(throttle.restNs(BYTES)).isZero();
  }

  @Test
  void unknownLoad_letsNothingRest() {
    load = -1;
    assertThat(run()).isEqualTo(FREE_RATE);
    load = Double.NaN;
    assertThat(run()).isEqualTo(FREE_RATE);
    load = 1;
    own = -1;
    assertThat(run()).isEqualTo(FREE_RATE);
  }

  @Test
  void hundredPercent_isUnlimited() {
    load = 1;

    assertThat(run(throttle(100), Duration.ofSeconds(10))).isEqualTo(FREE_RATE);
  }

  @Test
  void zeroPercent_isByTheNumberOfProcessors() {
    assertThat(CpuTargetThrottle.percentFor(1)).isEqualTo(15);
    assertThat(CpuTargetThrottle.percentFor(2)).isEqualTo(25);
    assertThat(CpuTargetThrottle.percentFor(3)).isEqualTo(25);
    assertThat(CpuTargetThrottle.percentFor(4)).isEqualTo(40);
    assertThat(CpuTargetThrottle.percentFor(15)).isEqualTo(55);
    assertThat(CpuTargetThrottle.percentFor(16)).isEqualTo(65);
    assertThat(CpuTargetThrottle.percentFor(128)).isEqualTo(65);
    load = 1;

    assertThat(run(throttle(0), Duration.ofSeconds(10))).isLessThan(FREE_RATE);
  }

  @Test
  void loadOfThisMachine_isKnown() {
    assertThat(CpuTargetThrottle.Load.now().all()).isBetween(0.0, 1.0);
    assertThat(CpuTargetThrottle.Load.now().own()).isBetween(0.0, 1.0);
  }
}
