package io.liiklus.server.grpc.codec.request;

import com.google.protobuf.Message;
import java.util.function.Supplier;

/**
 * A request as it came. That of a publish is parsed only when its message is asked for: parsed, its
 * records take several times of its bytes, and it may have to wait. Whoever has a request closes
 * it, or asks for its message. Confined to the call's event loop.
 */
public final class Request<T extends Message> implements AutoCloseable {

  private T message;

  /** A {@code BadRequest}, or gRPC's own refusal of what is too large; null where there is none. */
  private RuntimeException problem;

  // Null once the request is parsed or closed.
  private Supplier<T> parser;
  private AutoCloseable bytes;
  private Runnable onRelease;

  private Request(T message, RuntimeException problem) {
    this.message = message;
    this.problem = problem;
  }

  /** A request that is parsed. */
  public static <T extends Message> Request<T> of(T message) {
    return new Request<>(message, null);
  }

  static <T extends Message> Request<T> refused(RuntimeException problem) {
    return new Request<>(null, problem);
  }

  /**
   * A request that holds its bytes.
   *
   * @param parser throws the problem where the bytes do not parse
   * @param bytes is closed once they are not needed any more
   */
  static <T extends Message> Request<T> unparsed(Supplier<T> parser, AutoCloseable bytes) {
    var request = new Request<T>(null, null);
    request.parser = parser;
    request.bytes = bytes;
    return request;
  }

  /**
   * The message, whose bytes are not held any more.
   *
   * @throws RuntimeException the problem, where there is one
   */
  public T messageOrThrow() {
    if (parser != null) {
      try {
        message = parser.get();
      } catch (RuntimeException refused) {
        problem = refused;
      } finally {
        close();
      }
    }
    if (problem != null) {
      throw problem;
    }
    if (message == null) {
      throw new IllegalStateException("the request is closed");
    }
    return message;
  }

  /** Whether the bytes are held. */
  public boolean isUnparsed() {
    return parser != null;
  }

  /** Has this run once the bytes of an unparsed request are not held any more. */
  public void onRelease(Runnable listener) {
    onRelease = listener;
  }

  @Override
  public void close() {
    if (parser == null) {
      return;
    }
    parser = null;
    try {
      bytes.close();
    } catch (Exception impossible) {
      throw new IllegalStateException("bytes in memory could not be let go", impossible);
    } finally {
      bytes = null;
      if (onRelease != null) {
        onRelease.run();
      }
    }
  }
}
