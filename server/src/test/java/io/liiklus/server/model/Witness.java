package io.liiklus.server.model;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;

/**
 * Counts what happens, so that it has an order, and keeps the first promise that was broken: it may
 * have been noticed where what is thrown gets lost. Confined to the test's thread.
 */
final class Witness {

  /** A promise that was not kept. */
  static final class BrokenPromise extends AssertionError {
    private static final long serialVersionUID = 1;

    private BrokenPromise(String what) {
      super(what);
    }
  }

  private long stamp;
  private BrokenPromise first;

  /** Turned by hand. */
  long clockNs;

  long next() {
    return ++stamp;
  }

  long now() {
    return stamp;
  }

  @FormatMethod
  void require(boolean isKept, @FormatString String what, Object... details) {
    if (!isKept) {
      var broken = new BrokenPromise(what.formatted(details));
      if (first == null) {
        first = broken;
      }
      throw broken;
    }
  }

  void check() {
    if (first != null) {
      throw first;
    }
  }
}
