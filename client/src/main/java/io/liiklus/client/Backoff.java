package io.liiklus.client;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;

/**
 * Waits that double from the shortest to the longest. Up to half of each is left out at random, so
 * that clients which lost one gateway at once do not come back at once. Confined to the loop.
 */
final class Backoff {

  private final long shortestMs;
  private final long longestMs;
  private final LongUnaryOperator randomBelow;
  private long nextMs;

  Backoff(Duration shortest, Duration longest) {
    this(shortest, longest, new SplittableRandom()::nextLong);
  }

  /**
   * @param randomBelow a number from 0 to below the bound that it gets
   */
  Backoff(Duration shortest, Duration longest, LongUnaryOperator randomBelow) {
    this.shortestMs = Math.max(1, shortest.toMillis());
    this.longestMs = Math.max(shortestMs, longest.toMillis());
    this.randomBelow = randomBelow;
    this.nextMs = shortestMs;
  }

  /** Between two attempts to reach a gateway. */
  static Backoff ofConnection() {
    return new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
  }

  /** The wait before the next attempt. */
  long nextMs() {
    long longest = nextMs;
    nextMs = Math.min(2 * nextMs, longestMs);
    return longest - randomBelow.applyAsLong(longest / 2 + 1);
  }

  void reset() {
    nextMs = shortestMs;
  }
}
