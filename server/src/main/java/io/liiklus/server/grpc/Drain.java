package io.liiklus.server.grpc;

import io.grpc.Status;

/** Whether the gateway takes new work. Thread-safe. */
final class Drain {

  static final Status DRAINING =
      Status.UNAVAILABLE.withDescription("draining: the gateway is shutting down");

  private volatile boolean isDraining;

  void begin() {
    isDraining = true;
  }

  boolean isDraining() {
    return isDraining;
  }

  /** For a publish. */
  void requireServing() {
    if (isDraining) {
      throw DRAINING.asRuntimeException(NotStored.trailers());
    }
  }
}
