package io.liiklus.server.grpc.calls;

import io.liiklus.api.Settings;
import io.liiklus.server.grpc.codec.status.NotStored;
import java.time.Duration;

/** Bounds on the wait of unary calls for a storage. Immutable. */
public record CallTimings(
    UnaryCall.Timing publish,
    UnaryCall.Timing ack,
    UnaryCall.Timing readPositions,
    UnaryCall.Timing readRecords) {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** Reads the timeouts of several roots. */
  static CallTimings read(Settings all) {
    var publish = all.duration("publish.timeout", SHORTEST, LONGEST);
    var ack = all.duration("ack.timeout", SHORTEST, LONGEST);
    var read = all.duration("read.timeout", SHORTEST, LONGEST);
    var deadlineMargin = all.duration("grpc.deadlineMargin", Duration.ZERO, Duration.ofMinutes(1));
    var records = NotStored.NO_ANSWER;
    var positions = "no answer from the positions storage in time";
    return new CallTimings(
        new UnaryCall.Timing(publish, deadlineMargin, records + NotStored.MAY_BE_STORED),
        new UnaryCall.Timing(ack, deadlineMargin, positions + "; the position may be stored"),
        new UnaryCall.Timing(read, deadlineMargin, positions),
        new UnaryCall.Timing(read, deadlineMargin, records));
  }
}
