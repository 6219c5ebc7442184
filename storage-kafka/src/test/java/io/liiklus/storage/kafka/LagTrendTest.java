package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTrendTest {

  private static final long SPAN_NS = LagTrend.SPAN.toNanos();

  private final LagTrend trend = new LagTrend();

  @Test
  void aLagThatIsLargerAfterASpanHasGrown() {
    assertThat(trend.hasGrown(0, 100, 0)).isFalse();
    assertThat(trend.hasGrown(0, 150, SPAN_NS - 1)).isFalse();
    assertThat(trend.hasGrown(0, 101, SPAN_NS)).isTrue();
    assertThat(trend.hasGrown(0, 101, 2 * SPAN_NS)).isFalse();
    assertThat(trend.hasGrown(0, 100, 3 * SPAN_NS)).isFalse();
  }

  @Test
  void oneThatIsLargerSinceReadingWentBackHasNot() {
    trend.hasGrown(0, 100, 0);

    assertThat(trend.hasGrown(1, 1_000, SPAN_NS)).isFalse();
    assertThat(trend.hasGrown(1, 1_001, 2 * SPAN_NS)).isTrue();
  }

  @Test
  void oneThatIsLargerSinceTheClientTookNothingHasNot() {
    trend.hasGrown(0, 100, 0);
    trend.forget();

    assertThat(trend.hasGrown(0, 200, SPAN_NS)).isFalse();
  }
}
