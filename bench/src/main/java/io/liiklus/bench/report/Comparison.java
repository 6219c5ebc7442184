package io.liiklus.bench.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Two sides measured in turn: the base (mostly bare Kafka clients), and the gateway. Immutable.
 *
 * @param base empty where a case has nothing to compare with
 */
public record Comparison(Side base, Side measured) {

  /** The name of the side that most cases compare with. */
  public static final String BARE = "bare";

  /** The name of the side that most cases measure. */
  public static final String GATEWAY = "gateway";

  /** Figures of one side, run by run. Immutable. */
  public record Side(String name, List<Figures> runs) {

    /** Copies the runs. */
    public Side {
      runs = List.copyOf(runs);
    }

    /** Spread of the runs that have the figure; empty where none has. */
    public Optional<Spread> spread(String figure) {
      var numbers = numbers(figure);
      return numbers.isEmpty() ? Optional.empty() : Optional.of(Spread.of(numbers));
    }

    List<Double> numbers(String figure) {
      return runs.stream().map(run -> run.values().get(figure)).filter(n -> n != null).toList();
    }
  }

  /** A then B, and so often again. */
  public static Comparison inTurn(int pairs, Supplier<Figures> bare, Supplier<Figures> gateway) {
    return inTurn(pairs, BARE, bare, GATEWAY, gateway);
  }

  /** A then B, and so often again, under other names. */
  public static Comparison inTurn(
      int pairs, String baseName, Supplier<Figures> base, String name, Supplier<Figures> measured) {
    var baseRuns = new ArrayList<Figures>();
    var runs = new ArrayList<Figures>();
    for (int i = 0; i < pairs; i++) {
      baseRuns.add(base.get());
      runs.add(measured.get());
    }
    return new Comparison(new Side(baseName, baseRuns), new Side(name, runs));
  }

  /** Runs of the gateway alone. */
  public static Comparison alone(List<Figures> runs) {
    return new Comparison(new Side("", List.of()), new Side(GATEWAY, runs));
  }

  /** The names of all figures, those of the base first. */
  public Set<String> figures() {
    var names = new LinkedHashSet<String>();
    base.runs().forEach(run -> names.addAll(run.values().keySet()));
    measured.runs().forEach(run -> names.addAll(run.values().keySet()));
    return names;
  }

  /** Measured : base of each pair of runs in which both have the figure and the base is not 0. */
  public List<Double> ratios(String figure) {
    var ratios = new ArrayList<Double>();
    for (int i = 0; i < Math.min(base.runs().size(), measured.runs().size()); i++) {
      var divisor = base.runs().get(i).values().get(figure);
      var dividend = measured.runs().get(i).values().get(figure);
      if (divisor != null && dividend != null && divisor != 0) {
        ratios.add(dividend / divisor);
      }
    }
    return ratios;
  }
}
