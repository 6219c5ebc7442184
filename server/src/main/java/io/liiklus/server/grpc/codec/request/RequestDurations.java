package io.liiklus.server.grpc.codec.request;

import io.liiklus.server.grpc.codec.status.BadRequest;
import java.time.Duration;

/** Checks of the durations in requests. Immutable. */
public final class RequestDurations {

  private static final int NANOS_OF_A_SECOND = 1_000_000_000;

  private RequestDurations() {}

  /** A duration from 0 to the longest. */
  public static Duration upTo(
      String field, com.google.protobuf.Duration duration, Duration longest) {
    long seconds = duration.getSeconds();
    int nanos = duration.getNanos();
    boolean isValid =
        seconds >= 0 && seconds <= longest.toSeconds() && nanos >= 0 && nanos < NANOS_OF_A_SECOND;
    if (!isValid || Duration.ofSeconds(seconds, nanos).compareTo(longest) > 0) {
      throw BadRequest.of(
          field,
          seconds + " s " + nanos + " ns",
          "0 to " + longest.toSeconds() + " s, with 0 to 999999999 ns");
    }
    return Duration.ofSeconds(seconds, nanos);
  }
}
