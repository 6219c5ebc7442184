package io.liiklus.server.grpc.calls;

import io.grpc.Status;
import io.liiklus.server.grpc.codec.status.NotStored;

/** Switch that ends the taking of new work. Thread-safe. */
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
