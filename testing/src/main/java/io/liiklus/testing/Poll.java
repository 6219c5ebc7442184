package io.liiklus.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a change in another process, which notifies nobody. Immutable. */
final class Poll {

  private static final long PAUSE_MS = 20;

  private Poll() {}

  /**
   * Returns once the claim holds.
   *
   * @param details supplies the end of the failure text
   */
  static void until(String claim, Duration bound, BooleanSupplier holds, Supplier<String> details) {
    long startNs = System.nanoTime();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - startNs > bound.toNanos()) {
        throw new IllegalStateException(
            "not within " + bound + ": " + claim + System.lineSeparator() + details.get());
      }
      pause(claim);
    }
  }

  private static void pause(String claim) {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: " + claim, e);
    }
  }
}
