package io.liiklus.storage.kafka.client;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import io.liiklus.storage.fault.MachineFaults;
import io.liiklus.storage.fault.StandingFaults;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;

/**
 * Conversion of Kafka's failures to the port's. The answer of a broker may be deep in the causes:
 * the first cause that {@link KafkaErrorKinds} lists decides. Immutable.
 */
public final class KafkaFailures {

  private KafkaFailures() {}

  public static StorageException of(Throwable failure) {
    var cause = unwrap(failure);
    if (cause instanceof StorageException known) {
      return known;
    }
    if (isOfMachine(cause)) {
      return new StorageException(Kind.UNAVAILABLE, MachineFaults.text(cause), cause);
    }
    for (var each : Causes.of(cause)) {
      var kind = KafkaErrorKinds.kind(each);
      if (kind.isPresent()) {
        return new StorageException(kind.get(), text(each), cause);
      }
    }
    return new StorageException(unlistedKind(cause), text(cause), cause);
  }

  public static Throwable unwrap(Throwable failure) {
    var cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Returns whether the machine is at fault; never where a broker has answered. */
  public static boolean isOfMachine(Throwable failure) {
    return MachineFaults.isOne(failure)
        && Causes.of(failure).stream().noneMatch(ApiException.class::isInstance);
  }

  /** Reports a failure that is the machine's fault; no other. */
  public static void report(Throwable failure, StandingFaults faults) {
    if (isOfMachine(failure)) {
      faults.onMachine(failure);
    }
  }

  /**
   * Returns whether a broker refused the gateway's login, which may pass; its rights were not
   * looked at.
   */
  public static boolean isLoginRefused(Throwable failure) {
    return Causes.of(failure).stream().anyMatch(AuthenticationException.class::isInstance);
  }

  /** Converts a refused login to UNAVAILABLE, for a gateway that was let in before. */
  public static StorageException waitedOut(StorageException failure) {
    return isLoginRefused(failure)
        ? new StorageException(Kind.UNAVAILABLE, failure.getMessage(), failure)
        : failure;
  }

  private static Kind unlistedKind(Throwable cause) {
    if (isOfClosedProducer(cause)) {
      return Kind.CLOSED;
    }
    return isUnexpectedAnswer(cause) ? Kind.UNAVAILABLE : Kind.INTERNAL;
  }

  /**
   * Returns whether the producer was closed before it could send the record. Kafka has no type for
   * that: the first two texts are of a bare {@code KafkaException}, for records in its buffer and
   * for a send that raced with the close; the last is of a send after the close.
   */
  private static boolean isOfClosedProducer(Throwable cause) {
    var text = cause.getMessage() == null ? "" : cause.getMessage();
    if (cause.getClass() == KafkaException.class) {
      return text.startsWith("Producer is closed") || text.startsWith("Producer closed");
    }
    return cause instanceof IllegalStateException && text.contains("producer has been closed");
  }

  /**
   * Returns whether a broker answered with an error that the client does not expect there. Kafka
   * has no type for that either, and drops the error itself.
   */
  private static boolean isUnexpectedAnswer(Throwable failure) {
    return Causes.of(failure).stream()
        .filter(each -> each instanceof KafkaException || each instanceof IllegalStateException)
        .anyMatch(each -> String.valueOf(each.getMessage()).startsWith("Unexpected error"));
  }

  private static String text(Throwable cause) {
    var message = message(cause);
    return KafkaErrorKinds.advice(cause)
        .map(advice -> "Kafka: %s (%s)".formatted(message, advice))
        .orElse("Kafka: " + message);
  }

  private static String message(Throwable cause) {
    if (cause instanceof TopicAuthorizationException topics
        && !topics.unauthorizedTopics().isEmpty()) {
      return "no right to the topics " + topics.unauthorizedTopics();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
