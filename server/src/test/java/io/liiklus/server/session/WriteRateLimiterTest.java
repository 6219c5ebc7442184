package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Turns by a clock that the test turns: a thousand a second. */
class WriteRateLimiterTest {

  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int BURST = (int) WriteRateLimiter.BURST.toMillis() + 1;

  private long nowNs = 100 * MS;
  private final WriteRateLimiter pace = new WriteRateLimiter(1_000, nowNs);

  @Test
  void slowWriter_neverWaits() {
    for (int i = 0; i < 10 * BURST; i++) {
      assertThat(waitNs()).isNegative();
      nowNs += MS;
    }
  }

  @Test
  void burst_isAtOnceAndTheRestInTurn() {
    for (int i = 0; i < BURST; i++) {
      assertThat(waitNs()).isNotPositive();
    }
    assertThat(waitNs()).isEqualTo(MS);
    assertThat(waitNs()).isEqualTo(2 * MS);
    nowNs += 2 * MS;
    assertThat(waitNs()).isEqualTo(MS);
  }

  @Test
  void longIdleTime_givesNoMoreThanABurst() {
    nowNs += TimeUnit.HOURS.toNanos(1);
    long atOnce = IntStream.range(0, 3 * BURST).filter(i -> waitNs() <= 0).count();
    assertThat(atOnce).isEqualTo(BURST);
  }

  @Test
  void anySpanOfTime_hasAtMostItsRateAndABurst() {
    var random = new Random(7);
    var turns = new ArrayList<Long>();
    for (int i = 0; i < 2_000; i++) {
      nowNs += random.nextInt(20) == 0 ? random.nextLong(60 * MS) : random.nextLong(MS);
      turns.add(nowNs + Math.max(0, waitNs()));
    }
    assertThat(turns).isSorted();
    for (int from = 0; from < turns.size(); from++) {
      for (int to = from; to < turns.size(); to++) {
        long spanNs = turns.get(to) - turns.get(from);
        assertThat((to - from + 1) * MS).isLessThanOrEqualTo(spanNs + BURST * MS);
      }
    }
  }

  @Test
  void wrappingClock_changesNothing() {
    nowNs = Long.MAX_VALUE - 10 * MS;
    var wrapping = new WriteRateLimiter(1_000, nowNs);
    for (int i = 0; i < BURST + 20; i++) {
      long turnNs = wrapping.takeTurn(nowNs, false);
      assertThat(turnNs - nowNs).isEqualTo((i + 1 - BURST) * MS);
    }
    nowNs += 100 * MS;
    assertThat(wrapping.takeTurn(nowNs, false) - nowNs).isNegative();
  }

  @Test
  void turn_isGivenOnce() {
    int turns = 10_000;
    var given =
        IntStream.range(0, turns)
            .parallel()
            .mapToLong(i -> pace.takeTurn(nowNs, false))
            .sorted()
            .toArray();

    long first = nowNs - WriteRateLimiter.BURST.toNanos();
    assertThat(given).isEqualTo(LongStream.range(0, turns).map(i -> first + i * MS).toArray());
  }

  @Test
  void singleAckWithoutOpenTurns_isAtOnceAndHoldsUpNobody() {
    spendTheBurst();
    for (int i = 0; i < 1_000; i++) {
      assertThat(pace.takeTurn(nowNs, true)).isEqualTo(nowNs);
      pace.endTurn();
    }
    assertThat(waitNs()).isEqualTo(MS);
  }

  @Test
  void singleAck_waitsBehindOthers() {
    spendTheBurst();
    assertThat(pace.takeTurn(nowNs, true)).isEqualTo(nowNs);
    assertThat(pace.takeTurn(nowNs, true)).isEqualTo(nowNs + MS);
    pace.endTurn();
    assertThat(pace.takeTurn(nowNs, true)).isEqualTo(nowNs + 2 * MS);
  }

  @Test
  void singleAck_countsAsLongAsTheRateAllows() {
    for (int i = 0; i < BURST; i++) {
      assertThat(pace.takeTurn(nowNs, true)).isLessThanOrEqualTo(nowNs);
      pace.endTurn();
    }
    assertThat(waitNs()).isEqualTo(MS);
  }

  private void spendTheBurst() {
    for (int i = 0; i < BURST; i++) {
      assertThat(waitNs()).isNotPositive();
      pace.endTurn();
    }
  }

  private long waitNs() {
    return pace.takeTurn(nowNs, false) - nowNs;
  }
}
