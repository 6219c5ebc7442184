package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTrendTest {

  private static final long SPAN_NS = LagTrend.SPAN.toNanos();

  private final LagTrend trend = new LagTrend();

  @Test
  void aLagThatIsLargerAfterASpanHasGrown() {
    assertThat(trend.grownForNs(0, 100, 0)).isZero();
    assertThat(trend.grownForNs(0, 150, SPAN_NS - 1)).isZero();
    assertThat(trend.grownForNs(0, 101, SPAN_NS)).isEqualTo(SPAN_NS);
    assertThat(trend.grownForNs(0, 101, 2 * SPAN_NS)).isZero();
    assertThat(trend.grownForNs(0, 102, 5 * SPAN_NS)).isEqualTo(3 * SPAN_NS);
    assertThat(trend.grownForNs(0, 100, 6 * SPAN_NS)).isZero();
  }

  @Test
  void oneThatIsLargerThanBeforeItWasForgottenHasNot() {
    trend.grownForNs(0, 100, 0);
    trend.forget();

    assertThat(trend.grownForNs(0, 1_000, SPAN_NS)).isZero();
    assertThat(trend.grownForNs(0, 1_001, 2 * SPAN_NS)).isEqualTo(SPAN_NS);
  }

  @Test
  void whatAPollOfBeforeASeekTellsAfterItSaysNothingOfWhatComes() {
    trend.grownForNs(0, 100, 0);
    trend.forget();
    trend.grownForNs(0, 90, 1);

    assertThat(trend.grownForNs(1, 10_000, SPAN_NS + 1)).isZero();
    assertThat(trend.grownForNs(1, 10_001, 2 * SPAN_NS + 1)).isEqualTo(SPAN_NS);
  }
}
