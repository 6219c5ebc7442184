package io.liiklus.server.grpc.codec.request;

import com.google.protobuf.Message;
import java.util.function.Supplier;

/** Requests for tests of other packages. Immutable. */
public final class Requests {

  private Requests() {}

  /** Why the request has no message; null where it has one. */
  public static RuntimeException problem(Request<?> request) {
    try {
      var unused = request.messageOrThrow();
      return null;
    } catch (RuntimeException problem) {
      return problem;
    }
  }

  /** The message of the request; null where it has none. */
  public static <T extends Message> T message(Request<T> request) {
    return problem(request) == null ? request.messageOrThrow() : null;
  }

  /** A request that holds bytes. */
  public static <T extends Message> Request<T> unparsed(Supplier<T> parser, AutoCloseable bytes) {
    return Request.unparsed(parser, bytes);
  }
}
