package io.liiklus.bench.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThrottleTest {

  private static final long MS = 1_000_000;

  @Test
  void bytes_areWaitedForAtTheRate() {
    var throttle = new Throttle(1_000_000, 0);

    assertThat(throttle.taken(1_000, 0)).isEqualTo(MS);
    assertThat(throttle.taken(1_000, MS)).isEqualTo(MS);
    assertThat(throttle.taken(500, 3 * MS)).isZero();
  }

  @Test
  void longIdleTime_isNotCaughtUp() {
    var throttle = new Throttle(1_000_000, 0);

    assertThat(throttle.taken(200_000, 10_000 * MS)).isEqualTo(100 * MS);
  }

  @Test
  void noLimit_waitsForNothing() {
    assertThat(new Throttle(0, 0).taken(Long.MAX_VALUE, 0)).isZero();
    assertThat(new Throttle(0, 0).isLimited()).isFalse();
  }
}
