package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTrendTest {

  private static final long SPAN_NS = LagTrend.SPAN.toNanos();

  private final LagTrend trend = new LagTrend();

  @Test
  void aLagThatIsLargerAfterASpanHasGrown() {
    assertThat(trend.grownForNs(100, 0)).isZero();
    assertThat(trend.grownForNs(150, SPAN_NS - 1)).isZero();
    assertThat(trend.grownForNs(101, SPAN_NS)).isEqualTo(SPAN_NS);
    assertThat(trend.grownForNs(101, 2 * SPAN_NS)).isZero();
    assertThat(trend.grownForNs(102, 5 * SPAN_NS)).isEqualTo(3 * SPAN_NS);
    assertThat(trend.grownForNs(100, 6 * SPAN_NS)).isZero();
  }

  @Test
  void oneThatIsLargerThanBeforeItWasForgottenHasNot() {
    trend.grownForNs(100, 0);
    trend.forget();

    assertThat(trend.grownForNs(1_000, SPAN_NS)).isZero();
    assertThat(trend.grownForNs(1_001, 2 * SPAN_NS)).isEqualTo(SPAN_NS);
  }
}
