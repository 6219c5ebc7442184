package io.liiklus.server.grpc.codec;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.api.StorageException;
import io.liiklus.server.session.SessionException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told of a failure. */
public final class Statuses {

  private static final Logger log = LoggerFactory.getLogger(Statuses.class);

  private Statuses() {}

  public static Status of(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof StatusRuntimeException known) {
      return known.getStatus();
    }
    if (cause instanceof BadRequest bad) {
      return Status.INVALID_ARGUMENT.withDescription(bad.getMessage());
    }
    if (cause instanceof SessionException refused) {
      return of(refused.reason()).withDescription(refused.getMessage());
    }
    if (cause instanceof StorageException storage
        && storage.kind() != StorageException.Kind.INTERNAL) {
      return of(storage.kind()).withDescription(storage.getMessage());
    }
    log.error("a call failed by a fault of the gateway", cause);
    return Status.INTERNAL.withDescription("a fault of the gateway; its log tells more");
  }

  private static Status of(SessionException.Reason reason) {
    return switch (reason) {
      case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
    };
  }

  private static Status of(StorageException.Kind kind) {
    return switch (kind) {
      case UNAVAILABLE, CLOSED, REVOKED, LOST -> Status.UNAVAILABLE;
      case REFUSED -> Status.PERMISSION_DENIED;
      case EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
      case UNKNOWN_TOPIC -> Status.NOT_FOUND;
      case BAD_RECORD -> Status.INVALID_ARGUMENT;
      case DATA_LOSS -> Status.DATA_LOSS;
      case INTERNAL -> Status.INTERNAL;
    };
  }
}
