package io.liiklus.bench.report;

import java.util.Iterator;
import java.util.List;

/** Comparisons of given rates. */
final class Comparisons {

  private Comparisons() {}

  /** Compares runs of both sides by their records per second. */
  static Comparison ofRates(List<Double> bare, List<Double> gateway) {
    Iterator<Double> base = bare.iterator();
    Iterator<Double> measured = gateway.iterator();
    return Comparison.inTurn(
        bare.size(),
        () -> Figures.of("records/s", base.next()),
        () -> Figures.of("records/s", measured.next()));
  }
}
