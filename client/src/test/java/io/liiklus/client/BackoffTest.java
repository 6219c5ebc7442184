package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final int ATTEMPTS = 7;

  @Test
  void longestWaits_doubleUpToTheBound() {
    var backoff = backoff(bound -> 0);

    assertThat(waits(backoff)).containsExactly(500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000);
  }

  @Test
  void shortestWaits_areHalfOfTheLongest() {
    var backoff = backoff(bound -> bound - 1);

    assertThat(waits(backoff)).containsExactly(250, 500, 1_000, 2_000, 4_000, 5_000, 5_000);
  }

  @Test
  void waits_differFromClientToClient() {
    assertThat(
            LongStream.range(0, 20)
                .map(client -> Backoff.ofConnection().nextMs())
                .distinct()
                .count())
        .isGreaterThan(5);
  }

  @Test
  void success_resetsTheWaits() {
    var backoff = backoff(bound -> 0);
    waits(backoff);

    backoff.reset();

    assertThat(backoff.nextMs()).isEqualTo(500);
  }

  private static Backoff backoff(LongUnaryOperator randomBelow) {
    return new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10), randomBelow);
  }

  private static long[] waits(Backoff backoff) {
    return LongStream.range(0, ATTEMPTS).map(attempt -> backoff.nextMs()).toArray();
  }
}
