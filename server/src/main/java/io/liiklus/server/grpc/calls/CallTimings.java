package io.liiklus.server.grpc.calls;

import io.liiklus.server.grpc.codec.status.NotStored;
import java.time.Duration;

/** Times that unary calls wait for a storage. Immutable. */
public record CallTimings(
    UnaryCall.Timing publish,
    UnaryCall.Timing ack,
    UnaryCall.Timing readPositions,
    UnaryCall.Timing readRecords) {

  public static CallTimings of(
      Duration publish, Duration ack, Duration read, Duration deadlineMargin) {
    var records = "no answer from the records storage in time";
    var positions = "no answer from the positions storage in time";
    return new CallTimings(
        new UnaryCall.Timing(publish, deadlineMargin, records + NotStored.MAY_BE_STORED),
        new UnaryCall.Timing(ack, deadlineMargin, positions + "; the position may be stored"),
        new UnaryCall.Timing(read, deadlineMargin, positions),
        new UnaryCall.Timing(read, deadlineMargin, records));
  }
}
