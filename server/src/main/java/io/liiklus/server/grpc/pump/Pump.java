package io.liiklus.server.grpc.pump;

/** Sender of the records of one partition. Confined to the call's event loop. */
public interface Pump {

  /** Sends the records that are there, as far as the client takes them. */
  void pump();

  /** Sends nothing more and drops its batches. */
  void stop();
}
