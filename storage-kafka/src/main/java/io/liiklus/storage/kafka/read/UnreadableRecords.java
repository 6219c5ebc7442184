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
 * How the consumer fails at a record that cannot be read: its checksum, its length or its format is
 * wrong. Whatever else a poll fails with is no record's fault. Immutable.
 */
final class UnreadableRecords {

  /** Kafka has no type for these, which the consumer throws as {@code KafkaException} itself. */
  private static final List<String> OF_DAMAGE =
      List.of(
          "Record batch for partition ", "Record for partition ", "Encountered corrupt message");

  /** It stands around what a record failed with, and around nothing where that was forgotten. */
  private static final String OF_CAUSE = "Received exception when fetching the next record";

  private UnreadableRecords() {}

  /** Whether a poll may have failed for a record. */
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
    return isOfRecord || isToldByText(failure);
  }

  private static boolean isToldByText(KafkaException failure) {
    var text = String.valueOf(failure.getMessage());
    return failure.getClass() == KafkaException.class
        && (OF_DAMAGE.stream().anyMatch(text::startsWith)
            || (text.startsWith(OF_CAUSE) && failure.getCause() != null));
  }

  /**
   * Whether what failed may go well later. Kafka's client counts a damaged head of a batch among
   * such, and keeps what it has fetched: each poll fails again.
   */
  static boolean passes(KafkaException failure) {
    if (failure instanceof CorruptRecordException || mayBe(failure)) {
      return false;
    }
    return failure instanceof RetriableException
        || KafkaFailures.isLoginRefused(failure)
        || KafkaFailures.of(failure).kind() == Kind.UNAVAILABLE;
  }

  /** What a poll failed with that is no record's fault. */
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
