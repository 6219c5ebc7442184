package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConnectBackoffTest {

  private static final Duration LONGEST = Duration.ofSeconds(2);

  @Test
  void pause_doublesUpToItsBound() {
    var backoff = new ConnectBackoff(LONGEST, () -> 0);
    assertThat(IntStream.of(1, 2, 5, 6, 1_000_000).mapToObj(backoff::after))
        .extracting(Duration::toMillis)
        .containsExactly(100L, 200L, 1_600L, 2_000L, 2_000L);
  }

  @Test
  void pause_isHalfAtTheLeast() {
    var backoff = new ConnectBackoff(LONGEST, () -> 1);
    assertThat(IntStream.of(1, 2, 6).mapToObj(backoff::after))
        .extracting(Duration::toMillis)
        .containsExactly(50L, 100L, 1_000L);
  }

  @Test
  void pause_liesBetweenByChance() {
    assertThat(new ConnectBackoff(LONGEST, () -> 0.5).after(6)).isEqualTo(Duration.ofMillis(1_500));
  }
}
