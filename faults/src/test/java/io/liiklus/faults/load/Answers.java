package io.liiklus.faults.load;

import io.grpc.Status;
import java.io.IOException;

/** Outcomes of calls. Immutable. */
final class Answers {

  private Answers() {}

  /**
   * Meaning for the caller. gRPC's own client says UNKNOWN where it begins to write on a connection
   * that was just lost: no gateway answers with a cause.
   */
  static Status of(Status end) {
    boolean isLost = end.getCode() == Status.Code.UNKNOWN && end.getCause() instanceof IOException;
    return isLost ? Status.UNAVAILABLE.withDescription("connection lost: " + end) : end;
  }
}
