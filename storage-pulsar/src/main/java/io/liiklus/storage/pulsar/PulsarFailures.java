package io.liiklus.storage.pulsar;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import java.util.concurrent.TimeoutException;
import org.apache.pulsar.client.api.PulsarClientException;

/** What a failure of the client means to a caller. Immutable. */
final class PulsarFailures {

  private PulsarFailures() {}

  static StorageException of(Throwable failure) {
    PulsarClientException last = null;
    for (var cause : Causes.of(failure)) {
      if (cause instanceof StorageException known) {
        return known;
      }
      if (cause instanceof TimeoutException) {
        return new StorageException(Kind.UNAVAILABLE, "Pulsar: no answer in time", failure);
      }
      if (cause instanceof PulsarClientException found && last == null) {
        last = found;
      }
    }
    return last == null
        ? new StorageException(Kind.INTERNAL, "internal fault of the Pulsar storage", failure)
        : new StorageException(kind(last), text(last), failure);
  }

  private static String text(PulsarClientException failure) {
    var text = "Pulsar: " + failure.getMessage();
    return isLogin(failure)
        ? text + " (correct pulsar.authPluginClassName and pulsar.authPluginParams)"
        : text;
  }

  private static Kind kind(PulsarClientException failure) {
    if (failure instanceof PulsarClientException.AuthorizationException) {
      return Kind.REFUSED;
    }
    if (failure instanceof PulsarClientException.TopicDoesNotExistException
        || failure instanceof PulsarClientException.NotFoundException) {
      return Kind.UNKNOWN_TOPIC;
    }
    if (failure instanceof PulsarClientException.InvalidMessageException) {
      return Kind.BAD_RECORD;
    }
    if (failure instanceof PulsarClientException.ProducerBlockedQuotaExceededError
        || failure instanceof PulsarClientException.ProducerBlockedQuotaExceededException
        || failure instanceof PulsarClientException.MemoryBufferIsFullError
        || failure instanceof PulsarClientException.ProducerQueueIsFullError) {
      return Kind.EXHAUSTED;
    }
    if (failure instanceof PulsarClientException.TopicTerminatedException
        || failure instanceof PulsarClientException.IncompatibleSchemaException
        || failure instanceof PulsarClientException.InvalidTopicNameException
        || failure instanceof PulsarClientException.NotAllowedException) {
      return Kind.PRECONDITION;
    }
    return failure instanceof PulsarClientException.ChecksumException
            || failure instanceof PulsarClientException.CryptoException
        ? Kind.DATA_LOSS
        : Kind.UNAVAILABLE;
  }

  /** Whether the brokers do not let the gateway in: an operator may heal it at any time. */
  static boolean isLogin(Throwable failure) {
    return Causes.of(failure).stream()
        .anyMatch(
            cause ->
                cause instanceof PulsarClientException.AuthenticationException
                    || cause instanceof PulsarClientException.GettingAuthenticationDataException);
  }

  /** Whether a message whose send failed so was never given to a broker. */
  static boolean isNotStored(StorageException failure) {
    return switch (failure.kind()) {
      case BAD_RECORD, EXHAUSTED, REFUSED, PRECONDITION, UNKNOWN_TOPIC -> true;
      default -> false;
    };
  }
}
