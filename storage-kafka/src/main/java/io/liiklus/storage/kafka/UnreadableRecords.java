package io.liiklus.storage.kafka;

import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;

/** How the consumer fails at a record that it cannot read, as one whose checksum is wrong. */
final class UnreadableRecords {

  private UnreadableRecords() {}

  /** Whether a poll may have failed for a record; the consumer has no better name for it. */
  static boolean mayBe(KafkaException failure) {
    return failure.getClass() == KafkaException.class
        || failure instanceof CorruptRecordException
        || failure instanceof SerializationException;
  }

  /**
   * Whether what failed may go well later. Kafka's client counts a damaged head of a batch among
   * such, and keeps what it has fetched: each poll fails again.
   */
  static boolean passes(KafkaException failure) {
    return failure instanceof RetriableException && !(failure instanceof CorruptRecordException);
  }

  static String reason(KafkaException failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }
}
