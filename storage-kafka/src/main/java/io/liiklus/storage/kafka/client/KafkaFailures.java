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
 * Says in the port's words what a Kafka client failed with. The answer of a broker may be deep in
 * the causes: the first one there that {@link KafkaErrorKinds} lists decides. Immutable.
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

  /** Whether the machine is at fault; not where a broker has answered, whatever that wraps. */
  public static boolean isOfMachine(Throwable failure) {
    return MachineFaults.isOne(failure)
        && Causes.of(failure).stream().noneMatch(ApiException.class::isInstance);
  }

  /** Tells of a failure that the machine is at fault for; of no other. */
  public static void report(Throwable failure, StandingFaults faults) {
    if (isOfMachine(failure)) {
      faults.onMachine(failure);
    }
  }

  /**
   * Whether a broker does not let the gateway in, which may pass; none has looked at its rights.
   */
  public static boolean isLoginRefused(Throwable failure) {
    return Causes.of(failure).stream().anyMatch(AuthenticationException.class::isInstance);
  }

  /** The failure as one who is let in already meets it: a login that is refused may pass again. */
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

  /**
   * Whether a broker answered with an error that the client does not expect there. Kafka has no
   * type for that either, and leaves the error itself out.
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
