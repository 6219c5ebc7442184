package io.liiklus.cli;

import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/**
 * Waits that double from 0.5 s to 10 s. Up to half of each is left out at random, so that clients
 * which lost one gateway at once do not come back at once. Confined to the loop.
 */
final class Backoff {

  static final long FIRST_MS = 500;
  static final long LONGEST_MS = 10_000;

  private final LongUnaryOperator randomBelow;
  private long nextMs = FIRST_MS;

  Backoff() {
    this(new SplittableRandom()::nextLong);
  }

  /**
   * @param randomBelow a number from 0 to below the bound that it gets
   */
  Backoff(LongUnaryOperator randomBelow) {
    this.randomBelow = randomBelow;
  }

  /** The wait before the next attempt. */
  long nextMs() {
    long longest = nextMs;
    nextMs = Math.min(2 * nextMs, LONGEST_MS);
    return longest - randomBelow.applyAsLong(longest / 2 + 1);
  }

  void reset() {
    nextMs = FIRST_MS;
  }
}
