package io.liiklus.server.grpc.codec.event;

/** A stored record cannot be read as an event; the text says why. */
public final class NotAnEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  public NotAnEvent(String reason) {
    super(reason, null, false, false);
  }
}
