package io.liiklus.server.session;

/** Refusal of a request to a session; the text is for the client. Immutable. */
public final class SessionException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Kinds of refusals, by the caller's remedy. */
  public enum Reason {
    /** No such session, or it lost the partition, or never had it. */
    FAILED_PRECONDITION,
    /** Somebody else does it already. */
    ALREADY_EXISTS,
    /** A bound is reached. */
    EXHAUSTED
  }

  private final Reason reason;

  public SessionException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
