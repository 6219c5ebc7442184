package io.liiklus.server.grpc.codec.status;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.liiklus.api.StorageException;
import io.liiklus.server.authorization.AccessException;
import io.liiklus.server.processing.ProcessorException;
import io.liiklus.server.quota.QuotaException;
import io.liiklus.server.session.SessionException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mapping of failures to the statuses that clients get. Immutable. */
public final class Statuses {

  private static final Logger log = LoggerFactory.getLogger(Statuses.class);

  /** The status of a fault of the gateway. */
  public static final Status FAULT =
      Status.INTERNAL.withDescription("a fault of the gateway; see its log");

  private Statuses() {}

  /** A fault of the gateway gets into the log. */
  public static Status of(Throwable failure) {
    var cause = unwrap(failure);
    var known = known(cause);
    if (known != null) {
      return known;
    }
    log.error("a call failed by a fault of the gateway", cause);
    return FAULT;
  }

  /** Returns whether {@link #of} would log the failure. */
  public static boolean isFault(Throwable failure) {
    return known(unwrap(failure)) == null;
  }

  private static Throwable unwrap(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** Null for a fault of the gateway. */
  private static Status known(Throwable cause) {
    if (cause instanceof StatusRuntimeException known) {
      return known.getStatus();
    }
    if (cause instanceof BadRequest bad) {
      return Status.INVALID_ARGUMENT.withDescription(bad.getMessage());
    }
    if (cause instanceof SessionException refused) {
      return of(refused.reason()).withDescription(refused.getMessage());
    }
    if (cause instanceof AccessException denied) {
      return of(denied.reason()).withDescription(denied.getMessage());
    }
    if (cause instanceof QuotaException tooMany) {
      return Status.RESOURCE_EXHAUSTED.withDescription(tooMany.getMessage());
    }
    if (cause instanceof ProcessorException processor) {
      return of(processor.reason()).withDescription(processor.getMessage());
    }
    if (cause instanceof StorageException storage
        && storage.kind() != StorageException.Kind.INTERNAL) {
      return of(storage.kind()).withDescription(storage.getMessage());
    }
    return null;
  }

  private static Status of(SessionException.Reason reason) {
    return switch (reason) {
      case FAILED_PRECONDITION -> Status.FAILED_PRECONDITION;
      case ALREADY_EXISTS -> Status.ALREADY_EXISTS;
      case EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
    };
  }

  private static Status of(AccessException.Reason reason) {
    return switch (reason) {
      case DENIED -> Status.PERMISSION_DENIED;
      case FAILED -> Status.INTERNAL;
    };
  }

  private static Status of(ProcessorException.Reason reason) {
    return switch (reason) {
      case REFUSED -> Status.INVALID_ARGUMENT;
      case FAILED -> Status.INTERNAL;
      case LATE -> Status.UNAVAILABLE;
    };
  }

  private static Status of(StorageException.Kind kind) {
    return switch (kind) {
      case UNAVAILABLE, CLOSED, REVOKED, LOST -> Status.UNAVAILABLE;
      case REFUSED -> Status.PERMISSION_DENIED;
      case PRECONDITION, ENDED -> Status.FAILED_PRECONDITION;
      case EXHAUSTED, FULL -> Status.RESOURCE_EXHAUSTED;
      case UNKNOWN_TOPIC -> Status.NOT_FOUND;
      case BAD_RECORD -> Status.INVALID_ARGUMENT;
      case DATA_LOSS -> Status.DATA_LOSS;
      case INTERNAL -> Status.INTERNAL;
    };
  }
}
