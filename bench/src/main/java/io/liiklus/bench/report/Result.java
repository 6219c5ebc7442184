package io.liiklus.bench.report;

import java.util.Objects;

/**
 * Outcome of a case. Immutable.
 *
 * @param comparison null where there is none
 * @param failure why there is none; else null
 */
public record Result(String name, String what, Comparison comparison, String failure) {

  /** Measured. */
  public static Result of(String name, String what, Comparison comparison) {
    return new Result(name, what, Objects.requireNonNull(comparison), null);
  }

  /** Not measured. */
  public static Result failed(String name, String what, String failure) {
    return new Result(name, what, null, Objects.requireNonNull(failure));
  }
}
