package io.liiklus.cli;

import io.grpc.Status;
import java.io.IOException;

/** Ends of calls, with their causes. Immutable. */
final class CallEnd {

  private CallEnd() {}

  /**
   * The status, as a client should take it. gRPC for Java says UNKNOWN of a call that begins to
   * write as its connection is lost; no gateway answers with a cause.
   */
  static Status of(Throwable failure) {
    return of(Status.fromThrowable(failure));
  }

  /** The same of a status that the client has reported. */
  static Status of(Status status) {
    boolean isLost =
        status.getCode() == Status.Code.UNKNOWN && status.getCause() instanceof IOException;
    return isLost
        ? Status.UNAVAILABLE.withDescription(status.getDescription()).withCause(status.getCause())
        : status;
  }
}
