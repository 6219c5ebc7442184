package io.liiklus.aws.dynamodb;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Failures of DynamoDB and of AWS' SDK as those of the port. Immutable. */
final class DynamoFailures {

  private static final Set<String> THROTTLED =
      Set.of(
          "ProvisionedThroughputExceededException",
          "RequestLimitExceeded",
          "ThrottlingException",
          "Throttling",
          "TooManyRequestsException",
          "LimitExceededException");

  private static final Set<String> EXPIRED =
      Set.of("ExpiredTokenException", "ExpiredToken", "RequestExpired");

  private static final Set<String> REFUSED =
      Set.of(
          "AccessDeniedException",
          "AccessDenied",
          "UnrecognizedClientException",
          "InvalidClientTokenId",
          "InvalidSignatureException",
          "SignatureDoesNotMatch",
          "IncompleteSignatureException",
          "IncompleteSignature",
          "MissingAuthenticationTokenException",
          "MissingAuthenticationToken",
          "NotAuthorized",
          "OptInRequired");

  /** Texts of Netty, of the SDK and of the kernel. */
  private static final Pattern CLOSED =
      Pattern.compile("(?i)closed|reset|broken pipe|failed to complete the response");

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int FIRST_OF_SERVER = 500;

  private static final String NO_TABLE = "ResourceNotFoundException";
  private static final String ITEM_SIZE = "Item size";
  private static final String NO_MAP = "document path";

  private DynamoFailures() {}

  static Throwable unwrapped(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Whether a condition of the request did not hold. */
  static boolean isConditionFailed(Throwable failure) {
    return Causes.of(failure).stream().anyMatch(ConditionalCheckFailedException.class::isInstance);
  }

  /** Whether the request was made twice, so that the first may have been carried out. */
  static boolean isOfRepeated(Throwable failure) {
    return Causes.of(failure).stream().anyMatch(cause -> cause.getSuppressed().length > 0);
  }

  static boolean isThrottled(Throwable failure) {
    return failure instanceof AwsServiceException answer
        && (answer.isThrottlingException() || THROTTLED.contains(code(answer)));
  }

  static boolean isExpired(Throwable failure) {
    return failure instanceof AwsServiceException answer && EXPIRED.contains(code(answer));
  }

  /** Whether there was a connection, and it closed before the answer. */
  static boolean isClosedConnection(Throwable failure) {
    var causes = Causes.of(failure);
    return causes.stream().anyMatch(DynamoFailures::isClosing)
        && causes.stream()
            .noneMatch(
                cause ->
                    cause instanceof ConnectException
                        || cause instanceof SSLException
                        || isTimeout(cause));
  }

  private static boolean isClosing(Throwable cause) {
    return cause instanceof ClosedChannelException
        || (cause instanceof IOException
            && CLOSED.matcher(String.valueOf(cause.getMessage())).find());
  }

  private static boolean isTimeout(Throwable cause) {
    return cause instanceof TimeoutException
        || cause instanceof ApiCallTimeoutException
        || cause instanceof ApiCallAttemptTimeoutException;
  }

  private static String code(AwsServiceException answer) {
    var details = answer.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  /** Describes the failure for the client; the cause is kept. */
  static StorageException of(Throwable failure, DynamoTable table) {
    var cause = unwrapped(failure);
    if (cause instanceof StorageException known) {
      return known;
    }
    if (cause instanceof AwsServiceException answer) {
      return ofAnswer(answer, table);
    }
    if (Causes.of(cause).stream().anyMatch(DynamoFailures::isTimeout)) {
      return new StorageException(Kind.UNAVAILABLE, "DynamoDB did not answer in time", cause);
    }
    if (cause instanceof CancellationException
        || Causes.of(cause).stream().anyMatch(IOException.class::isInstance)) {
      return new StorageException(
          Kind.UNAVAILABLE, "no connection to DynamoDB: " + lastOf(cause), cause);
    }
    if (cause instanceof SdkClientException) {
      return new StorageException(
          Kind.UNAVAILABLE, "DynamoDB cannot be asked: " + cause.getMessage(), cause);
    }
    return new StorageException(Kind.INTERNAL, "internal fault of the positions storage", cause);
  }

  private static String lastOf(Throwable failure) {
    var causes = Causes.of(failure);
    var last = causes.get(causes.size() - 1);
    return last.getMessage() == null ? last.toString() : last.getMessage();
  }

  private static StorageException ofAnswer(AwsServiceException answer, DynamoTable table) {
    var code = code(answer);
    var said = code + ": " + message(answer);
    if (code.equals(NO_TABLE)) {
      return ofMissing(answer, table);
    }
    if (isThrottled(answer)) {
      return new StorageException(
          Kind.UNAVAILABLE,
          "DynamoDB throttles the gateway: %s (raise the capacity of the table %s, or ack less often)"
              .formatted(said, table.name()),
          answer);
    }
    if (isRefusal(answer)) {
      return new StorageException(Kind.REFUSED, "DynamoDB answers: " + said, answer);
    }
    if (message(answer).contains(ITEM_SIZE)) {
      return new StorageException(
          Kind.EXHAUSTED,
          "an item of the table %s would have more than the 400 KB of DynamoDB: %s"
              .formatted(table.name(), said),
          answer);
    }
    if (message(answer).contains(NO_MAP)) {
      return new StorageException(
          Kind.PRECONDITION,
          "the attribute positions of an item of the table %s is no map: delete the item (%s)"
              .formatted(table.name(), said),
          answer);
    }
    return new StorageException(
        answer.statusCode() >= FIRST_OF_SERVER ? Kind.UNAVAILABLE : Kind.PRECONDITION,
        "DynamoDB answers: " + said,
        answer);
  }

  private static String message(AwsServiceException answer) {
    var details = answer.awsErrorDetails();
    var text = details == null ? null : details.errorMessage();
    return text == null ? "HTTP status " + answer.statusCode() : text;
  }

  private static boolean isRefusal(AwsServiceException answer) {
    var code = code(answer);
    return REFUSED.contains(code)
        || EXPIRED.contains(code)
        || code.startsWith("KMS")
        || answer.statusCode() == UNAUTHORIZED
        || answer.statusCode() == FORBIDDEN;
  }

  private static StorageException ofMissing(AwsServiceException answer, DynamoTable table) {
    return switch (table.missing()) {
      case IS_NOT_MADE_YET ->
          new StorageException(
              Kind.UNKNOWN_TOPIC,
              "there is no table %s in DynamoDB yet (dynamodb.positionsTable)"
                  .formatted(table.name()),
              answer);
      case IS_AWAITED ->
          new StorageException(
              Kind.UNAVAILABLE,
              "there is no table %s in DynamoDB: create it, or set dynamodb.autoCreateTable = true"
                  .formatted(table.name()),
              answer);
      case IS_MADE ->
          new StorageException(
              Kind.UNAVAILABLE,
              ("the table %s of DynamoDB has gone: restore it, or start the gateway again to create"
                      + " an empty one (dynamodb.autoCreateTable)")
                  .formatted(table.name()),
              answer);
    };
  }
}
