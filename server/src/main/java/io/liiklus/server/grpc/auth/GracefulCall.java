package io.liiklus.server.grpc.auth;

import io.grpc.Status;

/**
 * Listener of a stream that answers what has come before it ends. Confined to the call's event
 * loop.
 */
public interface GracefulCall {

  /** Takes nothing more, and ends the call with this status when all is answered. */
  void endGracefully(Status status);
}
