package io.liiklus.client;

import io.grpc.Status;

/** Failure of a publish. Immutable. */
public final class PublishException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final transient Status status;
  private final boolean isNotStored;

  PublishException(Status status, boolean isNotStored) {
    super(status.getCode() + ": " + status.getDescription(), status.getCause(), false, false);
    this.status = status;
    this.isNotStored = isNotStored;
  }

  /** As the gateway, or this client, says it; UNKNOWN of an exception that was serialized. */
  public Status status() {
    return status == null ? Status.UNKNOWN.withDescription(getMessage()) : status;
  }

  /** Whether the record is surely not stored: to publish it again makes no second copy. */
  public boolean isNotStored() {
    return isNotStored;
  }
}
