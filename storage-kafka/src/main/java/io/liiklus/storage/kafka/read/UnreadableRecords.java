package io.liiklus.storage.kafka.read;

import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.read.FetchOutcome;
import java.util.List;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Failures of a consumer's poll, told apart: an unreadable record, whose checksum, length or format
 * is wrong, or any other cause. Immutable.
 */
final class UnreadableRecords {

  /** Texts of a bare {@code KafkaException} about a damaged record; Kafka has no type for it. */
  private static final List<String> OF_DAMAGE =
      List.of(
          "Record batch for partition ", "Record for partition ", "Encountered corrupt message");

  /** Text of the exception whose cause is a record's failure; Kafka may have lost the cause. */
  private static final String OF_CAUSE = "Received exception when fetching the next record";

  private UnreadableRecords() {}

  /** Returns whether a poll may have failed for a record. */
  static boolean mayBe(KafkaException failure) {
    if (KafkaFailures.isOfMachine(failure)) {
      return false;
    }
    boolean isOfRecord =
        Causes.of(failure).stream()
            .anyMatch(
                cause ->
                    cause instanceof CorruptRecordException
                        || cause instanceof InvalidRecordException
                        || cause instanceof SerializationException);
    return isOfRecord || hasTextOfDamage(failure);
  }

  private static boolean hasTextOfDamage(KafkaException failure) {
    var text = String.valueOf(failure.getMessage());
    return failure.getClass() == KafkaException.class
        && (OF_DAMAGE.stream().anyMatch(text::startsWith)
            || (text.startsWith(OF_CAUSE) && failure.getCause() != null));
  }

  /**
   * Returns whether a later poll may succeed. Kafka counts the damaged head of a batch among
   * passing failures, and its consumer keeps the fetched bytes: each poll fails again.
   */
  static boolean passes(KafkaException failure) {
    if (failure instanceof CorruptRecordException || mayBe(failure)) {
      return false;
    }
    return failure instanceof RetriableException
        || KafkaFailures.isLoginRefused(failure)
        || KafkaFailures.of(failure).kind() == Kind.UNAVAILABLE;
  }

  /** Outcome of a poll that failed for another cause than a record. */
  static FetchOutcome outcome(KafkaException failure, StandingFaults faults) {
    if (KafkaFailures.isOfMachine(failure)) {
      faults.onMachine(failure);
      return new FetchOutcome.MachineFault(failure);
    }
    if (!passes(failure)) {
      return new FetchOutcome.Refused(KafkaFailures.of(failure));
    }
    var away = KafkaFailures.of(failure);
    boolean isLogin = KafkaFailures.isLoginRefused(failure);
    if (isLogin) {
      faults.onLoginRefused(away);
    }
    return new FetchOutcome.Away(away, isLogin);
  }

  static String reason(KafkaException failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }
}
