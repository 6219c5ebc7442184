package io.liiklus.server.grpc.codec.event;

/** Failure to read a stored record as an event; the text says why. Immutable. */
public final class NotAnEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  public NotAnEvent(String reason) {
    super(reason, null, false, false);
  }
}
