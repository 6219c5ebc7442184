package io.liiklus.positions.cassandra;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class WriteClockTest {

  private final WriteClock clock =
      new WriteClock(Clock.fixed(Instant.ofEpochSecond(10), ZoneOffset.UTC));

  @Test
  void firstWrite_hasTheTimeOfTheClock() {
    assertThat(clock.next(Long.MIN_VALUE)).isEqualTo(10_000_000);
    assertThat(clock.behind()).isZero();
  }

  @Test
  void writesOfOneMoment_haveTimesThatRise() {
    assertThat(clock.next(5)).isEqualTo(10_000_000);
    assertThat(clock.next(5)).isEqualTo(10_000_001);
    assertThat(clock.next(Long.MIN_VALUE)).isEqualTo(10_000_002);
  }

  @Test
  void writeOverOneOfAClockAhead_isLaterThanThat() {
    assertThat(clock.next(15_000_000)).isEqualTo(15_000_001);
    assertThat(clock.behind()).isEqualTo(1);
    // That one may not have landed when the next one reads.
    assertThat(clock.next(15_000_000)).isEqualTo(15_000_002);
  }
}
