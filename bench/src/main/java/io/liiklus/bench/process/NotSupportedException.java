package io.liiklus.bench.process;

/** Failure of a case whose call the gateway does not know. Immutable. */
public final class NotSupportedException extends RuntimeException {

  NotSupportedException() {
    super("not supported by this gateway");
  }
}
