package io.liiklus.client;

import com.github.bsideup.liiklus.protocol.NackAction;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * What becomes of a record at which the handler failed: it comes again after a wait that doubles,
 * and the records behind it, of its partition or key, wait for it. Immutable.
 *
 * @param maxAttempts after so many, the record goes to the dead-letter topic; 0: no end
 * @param minBackoff wait after the first failure
 * @param maxBackoff longest wait; 1 h at the most
 * @param deadLetterTopic empty: none
 * @param isOrdered whether the records behind it wait for it
 * @param decision what to do with the record, as long as it has attempts left; called on the
 *     client's thread, which it must not block
 */
public record RetryPolicy(
    int maxAttempts,
    Duration minBackoff,
    Duration maxBackoff,
    String deadLetterTopic,
    boolean isOrdered,
    BiFunction<ReceivedRecord, Throwable, NackAction> decision) {

  private static final Duration LONGEST = Duration.ofHours(1);

  /** Again and again, after 1 s at first and 1 min at the most. */
  public static final RetryPolicy ENDLESS =
      new RetryPolicy(
          0,
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          "",
          true,
          (record, failure) -> NackAction.RETRY);

  /** Checks that there is a topic for what is given up, and the bounds of the waits. */
  public RetryPolicy {
    if (maxAttempts < 0) {
      throw new IllegalArgumentException("maxAttempts: " + maxAttempts + " is not allowed; from 0");
    }
    if (maxAttempts > 0 && deadLetterTopic.isEmpty()) {
      throw new IllegalArgumentException(
          "deadLetterTopic: is empty; with maxAttempts, a topic for what is given up");
    }
    if (minBackoff.isNegative() || minBackoff.compareTo(maxBackoff) > 0) {
      throw new IllegalArgumentException(
          "minBackoff: " + minBackoff + " is not allowed; from 0 s to maxBackoff, " + maxBackoff);
    }
    if (maxBackoff.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "maxBackoff: " + maxBackoff + " is not allowed; up to " + LONGEST);
    }
    Objects.requireNonNull(decision);
  }

  /**
   * Gives a record up after so many attempts; after 0, where the {@linkplain #deciding decision}
   * says so, alone.
   */
  public RetryPolicy withDeadLetters(int attempts, String topic) {
    return new RetryPolicy(attempts, minBackoff, maxBackoff, topic, isOrdered, decision);
  }

  public RetryPolicy withBackoff(Duration shortest, Duration longest) {
    return new RetryPolicy(maxAttempts, shortest, longest, deadLetterTopic, isOrdered, decision);
  }

  /** Lets the records behind one that failed go on. */
  public RetryPolicy withoutOrder() {
    return new RetryPolicy(maxAttempts, minBackoff, maxBackoff, deadLetterTopic, false, decision);
  }

  /**
   * Looks at record and failure, and says whether the record comes again (RETRY), goes to the
   * dead-letter topic (DEAD_LETTER; where there is none, it comes again), or is done with (SKIP).
   */
  public RetryPolicy deciding(BiFunction<ReceivedRecord, Throwable, NackAction> judge) {
    return new RetryPolicy(maxAttempts, minBackoff, maxBackoff, deadLetterTopic, isOrdered, judge);
  }

  /** What to do with a record at which the handler failed. */
  NackAction action(ReceivedRecord record, Throwable failure) {
    var action = decided(record, failure);
    return switch (action) {
      case SKIP -> action;
      case DEAD_LETTER -> deadLetterTopic.isEmpty() ? NackAction.RETRY : action;
      default -> isGivenUp(record.attempt()) ? NackAction.DEAD_LETTER : NackAction.RETRY;
    };
  }

  private NackAction decided(ReceivedRecord record, Throwable failure) {
    try {
      return Objects.requireNonNullElse(decision.apply(record, failure), NackAction.RETRY);
    } catch (RuntimeException undecided) {
      if (undecided != failure) {
        failure.addSuppressed(undecided);
      }
      return NackAction.RETRY;
    }
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
