package io.liiklus.bench.report;

import java.util.Locale;
import java.util.stream.Collectors;

/** Result for people: a line for each figure. Immutable. */
public final class Table {

  private static final String LINE = "  %-32s %14s %14s   %s%n";

  private Table() {}

  /** Several lines, ended by an empty one. */
  public static String of(Result result) {
    var text = new StringBuilder(result.name() + ": " + result.what() + System.lineSeparator());
    if (result.comparison() == null) {
      return text.append("  ").append(result.failure()).append("%n%n".formatted()).toString();
    }
    var comparison = result.comparison();
    var base = comparison.base();
    var measured = comparison.measured();
    var ratio = base.runs().isEmpty() ? "" : measured.name() + " : " + base.name();
    text.append(LINE.formatted("", base.name(), measured.name(), ratio));
    for (var figure : comparison.figures()) {
      text.append(
          LINE.formatted(
              figure, median(base, figure), median(measured, figure), ratio(comparison, figure)));
    }
    return text.append(System.lineSeparator())
        .toString()
        .lines()
        .map(String::stripTrailing)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String median(Comparison.Side side, String figure) {
    return side.spread(figure).map(spread -> number(spread.median())).orElse("");
  }

  private static String ratio(Comparison comparison, String figure) {
    var ratios = comparison.ratios(figure);
    if (ratios.isEmpty()) {
      return spread(comparison.measured(), figure);
    }
    var spread = Spread.of(ratios);
    return "%s (%s to %s)"
        .formatted(number(spread.median()), number(spread.min()), number(spread.max()));
  }

  /** A figure without a base has the spread of its own runs. */
  private static String spread(Comparison.Side side, String figure) {
    if (side.numbers(figure).size() < 2) {
      return "";
    }
    return side.spread(figure)
        .map(spread -> "       %s to %s".formatted(number(spread.min()), number(spread.max())))
        .orElse("");
  }

  /** Three digits that count, and no more behind the point than that takes. */
  static String number(double value) {
    double size = Math.abs(value);
    if (size >= 100 || value == Math.rint(value)) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    int decimals = size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
