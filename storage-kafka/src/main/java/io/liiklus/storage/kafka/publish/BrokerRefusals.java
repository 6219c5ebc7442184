package io.liiklus.storage.kafka.publish;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.internals.Topic;

/**
 * Answers to a publish that mean "surely not stored".
 *
 * <table>
 *   <caption>Checks that a leader makes before it appends anything of a batch</caption>
 *   <tr><td>{@code INVALID_RECORD}</td><td>a record without a key for a compacted topic, or a
 *     broken one</td></tr>
 *   <tr><td>{@code INVALID_TIMESTAMP}</td><td>a timestamp outside of {@code
 *     message.timestamp.before.max.ms} and {@code after.max.ms}</td></tr>
 *   <tr><td>neighbour of either</td><td>the producer puts records of different calls into one
 *     batch, and the leader refuses a batch as a whole</td></tr>
 *   <tr><td>{@code INVALID_TOPIC_EXCEPTION}</td><td>one of Kafka's own topics</td></tr>
 *   <tr><td>{@code MESSAGE_TOO_LARGE}</td><td>over the topic's {@code max.message.bytes}</td></tr>
 *   <tr><td>{@code TOPIC_AUTHORIZATION_FAILED}, {@code CLUSTER_AUTHORIZATION_FAILED}</td><td>no
 *     right to write</td></tr>
 * </table>
 *
 * Every other answer leaves it open. A timeout may follow a batch that was stored and whose answer
 * got lost. So may {@code NOT_ENOUGH_REPLICAS}: the leader checks it at each attempt, before it
 * looks whether an earlier attempt was stored.
 */
final class BrokerRefusals {

  /**
   * Text of the bare {@code KafkaException} by which the producer fails the valid records of a
   * batch that the leader refused for others (kafka-clients 4.4.0, {@code Sender.failBatch}). There
   * is no type for it.
   */
  private static final String NEIGHBOUR = "Failed to append record because it was part of a batch";

  /** Part of the text of an {@code INVALID_RECORD} for a record without a key (broker 4.4.0). */
  private static final String WITHOUT_KEY = "without key";

  private BrokerRefusals() {}

  /** Returns whether the topic is compacted and the record has no key. */
  static boolean isOfMissingKey(Throwable failure) {
    return failure instanceof InvalidRecordException
        && failure.getMessage() != null
        && failure.getMessage().contains(WITHOUT_KEY);
  }

  /** Returns whether the record was refused only for another record of its batch. */
  static boolean isOfNeighbour(Throwable failure) {
    return failure.getClass() == KafkaException.class
        && failure.getMessage() != null
        && failure.getMessage().startsWith(NEIGHBOUR);
  }

  static boolean isNotStored(Throwable failure) {
    return failure instanceof InvalidRecordException
        || failure instanceof InvalidTimestampException
        || failure instanceof InvalidTopicException
        || failure instanceof RecordTooLargeException
        || failure instanceof RecordBatchTooLargeException
        || failure instanceof AuthorizationException
        || isOfNeighbour(failure);
  }

  /** Converts a failure to the port's, which says whether the record is surely not stored. */
  static StorageException of(Throwable failure, String topic) {
    if (failure instanceof InvalidTopicException && Topic.isInternal(topic)) {
      return StorageException.notStored(
          Kind.BAD_RECORD,
          "topic: %s is one of Kafka's own topics, to which only Kafka publishes".formatted(topic));
    }
    var known = KafkaFailures.of(failure);
    return isNotStored(KafkaFailures.unwrap(failure)) ? known.asNotStored() : known;
  }
}
