package io.liiklus.bench;

import io.liiklus.bench.report.Comparison;

/** Something to measure. */
public interface Case {

  /** Its name, by which it is chosen. */
  String title();

  /** What is measured, in a line. */
  String what();

  /** Measures it, as often as the options say. */
  Comparison run(Lab lab);
}
