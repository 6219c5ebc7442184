package io.liiklus.bench.process;

/** The gateway does not know the call that a case measures. Immutable. */
public final class NotSupportedException extends RuntimeException {

  NotSupportedException() {
    super("not supported by this gateway");
  }
}
