package io.liiklus.server.grpc;

import io.grpc.Status;

/** A call that stays open. Its methods may be called from any thread. */
interface Stream {

  /** Whether it is a Receive; these end before the sessions that they belong to. */
  boolean isReceive();

  void drain(Status status);
}
