package io.liiklus.faults.load;

import java.time.Duration;
import java.util.List;

/** Waits for the end of threads, within a bound. Immutable. */
final class Threads {

  private Threads() {}

  /** Waits for all of them together no longer than the bound. */
  static void join(List<Thread> threads, Duration bound) {
    long endNs = System.nanoTime() + bound.toNanos();
    for (var thread : threads) {
      try {
        thread.join(Math.max(1, (endNs - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while threads end", e);
      }
      if (thread.isAlive()) {
        var stack = new StringBuilder();
        for (var frame : thread.getStackTrace()) {
          stack.append("\n  at ").append(frame);
        }
        throw new IllegalStateException(thread.getName() + " runs after " + bound + stack);
      }
    }
  }
}
