package io.liiklus.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  @Test
  void both_sides_are_measured_in_turn() {
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
  void a_ratio_is_that_of_a_pair_and_not_of_the_medians() {
    var comparison = compare(List.of(100.0, 10.0, 50.0), List.of(10.0, 10.0, 10.0));

    assertThat(comparison.ratios("records/s")).containsExactly(0.1, 1.0, 0.2);
    assertThat(Spread.of(comparison.ratios("records/s"))).isEqualTo(new Spread(0.2, 0.1, 1.0));
  }

  @Test
  void what_only_one_side_has_makes_no_ratio() {
    var comparison =
        new Comparison(
            new Comparison.Side("bare", List.of(Figures.of("records/s", 0))),
            new Comparison.Side("gateway", List.of(Figures.of("records/s", 5).with("threads", 7))));

    assertThat(comparison.ratios("threads")).isEmpty();
    assertThat(comparison.ratios("records/s")).isEmpty();
    assertThat(comparison.figures()).containsExactly("records/s", "threads");
  }

  @Test
  void the_median_of_an_even_count_lies_between_the_middle_two() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 2.0))).isEqualTo(new Spread(2.5, 1, 4));
  }

  @Test
  void nothing_has_no_spread() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  static Comparison compare(List<Double> bare, List<Double> gateway) {
    Iterator<Double> base = bare.iterator();
    Iterator<Double> measured = gateway.iterator();
    return Comparison.inTurn(
        bare.size(),
        () -> Figures.of("records/s", base.next()),
        () -> Figures.of("records/s", measured.next()));
  }
}
