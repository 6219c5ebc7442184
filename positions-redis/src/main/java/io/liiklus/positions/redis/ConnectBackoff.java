package io.liiklus.positions.redis;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Pauses between attempts to connect: they double up to a bound, and a random part of the second
 * half of each is left out, so that gateways that lost Redis at once do not return at once.
 * Immutable.
 *
 * @param longest the bound
 * @param random from 0 to 1
 */
record ConnectBackoff(Duration longest, DoubleSupplier random) {

  /** The pause after one failure, with nothing left out. */
  static final Duration FIRST = Duration.ofMillis(100);

  /** More would be beyond every bound. */
  private static final int MAX_DOUBLINGS = 20;

  /** The pause after so many failures in a row, from 1. */
  Duration after(int failures) {
    var doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    var whole = doubled.compareTo(longest) < 0 ? doubled : longest;
    double leftOut = whole.toNanos() / 2.0 * random.getAsDouble();
    return whole.minusNanos((long) leftOut);
  }
}
