package io.liiklus.server.grpc.codec;

import com.google.protobuf.Message;

/**
 * A request as it came: a message, or why its bytes are none. Immutable.
 *
 * @param message null where the bytes do not parse
 * @param problem null where they do
 */
public record Request<T extends Message>(T message, BadRequest problem) {

  public T messageOrThrow() {
    if (problem != null) {
      throw problem;
    }
    return message;
  }
}
