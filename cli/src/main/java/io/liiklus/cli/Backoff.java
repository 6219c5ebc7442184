package io.liiklus.cli;

/** Waits that double from 0.5 s to 10 s. Confined to the loop. */
final class Backoff {

  static final long FIRST_MS = 500;
  static final long LONGEST_MS = 10_000;

  private long nextMs = FIRST_MS;

  /** The wait before the next attempt. */
  long nextMs() {
    long now = nextMs;
    nextMs = Math.min(2 * nextMs, LONGEST_MS);
    return now;
  }

  void reset() {
    nextMs = FIRST_MS;
  }
}
