package io.liiklus.testing;

import java.util.function.BooleanSupplier;

/** Gate that keeps the bytes of a relay from passing while it is held. Thread-safe. */
final class RelayHold {

  private static final long CLOSED_CHECK_MS = 100;

  // Guarded by this.
  private boolean isHeld;

  synchronized void begin() {
    isHeld = true;
  }

  synchronized void end() {
    isHeld = false;
    notifyAll();
  }

  /** Returns when nothing is held, or when the connection is closed. */
  synchronized void pass(BooleanSupplier isClosed) throws InterruptedException {
    while (isHeld && !isClosed.getAsBoolean()) {
      wait(CLOSED_CHECK_MS);
    }
  }
}
