package io.liiklus.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void bothSides_areMeasuredInTurn() {
    var order = new ArrayList<String>();

    var comparison =
        Comparison.inTurn(
            2,
            () -> {
              order.add("bare");
              return Figures.of("records/s", 100);
            },
            () -> {
              order.add("gateway");
              return Figures.of("records/s", 25);
            });

    assertThat(order).containsExactly("bare", "gateway", "bare", "gateway");
    assertThat(comparison.ratios("records/s")).containsExactly(0.25, 0.25);
  }

  @Test
  void ratio_isThatOfAPairNotOfTheMedians() {
    var comparison = Comparisons.ofRates(List.of(100.0, 10.0, 50.0), List.of(10.0, 10.0, 10.0));

    assertThat(comparison.ratios("records/s")).containsExactly(0.1, 1.0, 0.2);
    assertThat(Spread.of(comparison.ratios("records/s"))).isEqualTo(new Spread(0.2, 0.1, 1.0));
  }

  @Test
  void metricOfOneSide_hasNoRatio() {
    var comparison =
        new Comparison(
            new Comparison.Side("bare", List.of(Figures.of("records/s", 0))),
            new Comparison.Side("gateway", List.of(Figures.of("records/s", 5).with("threads", 7))));

    assertThat(comparison.ratios("threads")).isEmpty();
    assertThat(comparison.ratios("records/s")).isEmpty();
    assertThat(comparison.figures()).containsExactly("records/s", "threads");
  }

  @Test
  void medianOfAnEvenCount_isBetweenTheMiddleTwo() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(2.5, 1, 4));
  }

  @Test
  void noRuns_haveNoSpread() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
