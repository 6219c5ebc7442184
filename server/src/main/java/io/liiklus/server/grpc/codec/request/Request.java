package io.liiklus.server.grpc.codec.request;

import com.google.protobuf.Message;
import io.liiklus.server.grpc.codec.status.BadRequest;

/**
 * Request as it came: a message, or the reason why its bytes are none. Immutable.
 *
 * @param message null where the bytes do not parse
 * @param problem null where they do; a {@link BadRequest}, or gRPC's own refusal of a message that
 *     is too large
 * @param parts of how many repeated parts the message is made; each costs memory beside its bytes
 */
public record Request<T extends Message>(T message, RuntimeException problem, int parts) {

  /** A message without repeated parts. */
  public static <T extends Message> Request<T> of(T message) {
    return of(message, 0);
  }

  static <T extends Message> Request<T> of(T message, int parts) {
    return new Request<>(message, null, parts);
  }

  static <T extends Message> Request<T> refused(RuntimeException problem) {
    return new Request<>(null, problem, 0);
  }

  /**
   * The message.
   *
   * @throws RuntimeException the problem, where there is one
   */
  public T messageOrThrow() {
    if (problem != null) {
      throw problem;
    }
    return message;
  }
}
