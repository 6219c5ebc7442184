package io.liiklus.server.grpc.codec;

import com.google.protobuf.Message;

/**
 * A request as it came: a message, or why its bytes are none. Immutable.
 *
 * @param message null where the bytes do not parse
 * @param problem null where they do; a {@link BadRequest}, or gRPC's own refusal of what is too
 *     large
 */
public record Request<T extends Message>(T message, RuntimeException problem) {

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
