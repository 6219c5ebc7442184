package io.liiklus.client;

import java.time.Duration;

/**
 * What becomes of a record at which the handler failed: it comes again after a wait that doubles,
 * and the records behind it, of its partition or key, wait for it. Immutable.
 *
 * @param maxAttempts after so many, the record goes to the dead-letter topic; 0: no end
 * @param deadLetterTopic empty: none
 */
public record RetryPolicy(
    int maxAttempts, Duration minBackoff, Duration maxBackoff, String deadLetterTopic) {

  /** Again and again, after 1 s at first and 1 min at the most. */
  public static final RetryPolicy ENDLESS =
      new RetryPolicy(0, Duration.ofSeconds(1), Duration.ofMinutes(1), "");

  /** Checks that there is a topic for what is given up. */
  public RetryPolicy {
    if (maxAttempts < 0) {
      throw new IllegalArgumentException("maxAttempts: " + maxAttempts + " is not allowed; from 0");
    }
    if (maxAttempts > 0 && deadLetterTopic.isEmpty()) {
      throw new IllegalArgumentException(
          "deadLetterTopic: is empty; with maxAttempts, a topic for what is given up");
    }
  }

  /** Gives a record up after so many attempts. */
  public RetryPolicy withDeadLetters(int attempts, String topic) {
    return new RetryPolicy(attempts, minBackoff, maxBackoff, topic);
  }

  public RetryPolicy withBackoff(Duration shortest, Duration longest) {
    return new RetryPolicy(maxAttempts, shortest, longest, deadLetterTopic);
  }

  /** Whether a record that has failed so often is given up. */
  boolean isGivenUp(int attempts) {
    return maxAttempts > 0 && attempts >= maxAttempts;
  }

  /** The wait after so many failures. */
  long waitMs(int attempts) {
    int doublings = Math.min(attempts - 1, 30);
    return Math.min(maxBackoff.toMillis(), minBackoff.toMillis() << doublings);
  }
}
