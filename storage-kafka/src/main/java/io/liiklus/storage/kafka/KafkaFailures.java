package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
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
    return Kind.INTERNAL;
  }

  private static String text(Throwable cause) {
    var message =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return "Kafka: " + message;
  }
}
