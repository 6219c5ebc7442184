package io.liiklus.server.inflight;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * When a record comes again that could not be processed. Immutable.
 *
 * @param maxAttempts after so many deliveries it is given up; 0: never
 * @param minBackoff after the first attempt; it doubles with each
 * @param maxBackoff the longest, before the jitter
 */
public record RetryRules(
    int maxAttempts, Duration minBackoff, Duration maxBackoff, RetryOrder order) {

  /** By so much of it a backoff is longer at random, so that records do not come in step. */
  static final double JITTER = 0.2;

  /** More would be beyond the longest backoff. */
  private static final int MAX_DOUBLINGS = 40;

  /**
   * The delay before the next delivery.
   *
   * @param attempts how often it was delivered, from 1
   * @param random from 0 to 1
   */
  long backoffNs(int attempts, DoubleSupplier random) {
    double doubled = minBackoff.toNanos() * (double) (1L << Math.min(attempts - 1, MAX_DOUBLINGS));
    double capped = Math.min(doubled, (double) maxBackoff.toNanos());
    return Math.round(capped * (1 + JITTER * random.getAsDouble()));
  }

  boolean isGivenUpAfter(int attempts) {
    return maxAttempts > 0 && attempts >= maxAttempts;
  }
}
