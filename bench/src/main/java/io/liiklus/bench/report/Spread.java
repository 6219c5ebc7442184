package io.liiklus.bench.report;

import java.util.List;

/** Median, lowest and highest of some numbers. Immutable. */
public record Spread(double median, double min, double max) {

  /** Of at least one number. The median of an even count is the mean of the middle two. */
  public static Spread of(List<Double> numbers) {
    if (numbers.isEmpty()) {
      throw new IllegalArgumentException("a spread of nothing");
    }
    var sorted = numbers.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }
}
