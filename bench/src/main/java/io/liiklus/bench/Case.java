package io.liiklus.bench;

import io.liiklus.bench.report.Comparison;

/** One measurement. Immutable. */
public interface Case {

  /** Its name, by which it is chosen. */
  String title();

  /** One line that says what is measured. */
  String what();

  /** Measures it, as often as the options say. */
  Comparison run(Lab lab);
}
