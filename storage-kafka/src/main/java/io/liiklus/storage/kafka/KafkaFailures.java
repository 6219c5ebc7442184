package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Says in the port's words what a Kafka client failed with. */
final class KafkaFailures {

  private KafkaFailures() {}

  static StorageException of(Throwable failure) {
    var cause = unwrap(failure);
    if (cause instanceof StorageException known) {
      return known;
    }
    return new StorageException(kind(cause), text(cause), cause);
  }

  static Throwable unwrap(Throwable failure) {
    var cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static Kind kind(Throwable cause) {
    if (cause instanceof BufferExhaustedException) {
      return Kind.EXHAUSTED;
    }
    if (cause instanceof UnknownTopicOrPartitionException
        || cause instanceof UnknownTopicIdException) {
      return Kind.UNKNOWN_TOPIC;
    }
    if (cause instanceof AuthorizationException
        || cause instanceof AuthenticationException
        || cause instanceof PolicyViolationException) {
      return Kind.REFUSED;
    }
    if (cause instanceof RecordTooLargeException
        || cause instanceof RecordBatchTooLargeException
        || cause instanceof InvalidRecordException
        || cause instanceof InvalidTimestampException
        || cause instanceof InvalidTopicException) {
      return Kind.BAD_RECORD;
    }
    if (cause instanceof TimeoutException || cause instanceof RetriableException) {
      return Kind.UNAVAILABLE;
    }
    return isOfClosedProducer(cause) ? Kind.CLOSED : Kind.INTERNAL;
  }

  /**
   * Whether the producer was closed before it could send the record. Kafka has no type for that:
   * the first two are {@code KafkaException} itself, for what it held and for a send that raced
   * with the close; the last is of a send that came after it.
   */
  private static boolean isOfClosedProducer(Throwable cause) {
    var text = cause.getMessage() == null ? "" : cause.getMessage();
    if (cause.getClass() == KafkaException.class) {
      return text.startsWith("Producer is closed") || text.startsWith("Producer closed");
    }
    return cause instanceof IllegalStateException && text.contains("producer has been closed");
  }

  private static String text(Throwable cause) {
    var message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return "Kafka: " + message;
  }
}
