package io.liiklus.server.authorization;

/** Refusal of what a caller may not do; nothing of it was done. The message is for the client. */
public final class AccessException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Kinds of refusals. */
  public enum Reason {
    /** The policy does not allow it. */
    DENIED,
    /** The authorizer is at fault; the log has the cause. */
    FAILED
  }

  private final Reason reason;

  AccessException(Reason reason, String message) {
    // There may be many at once, and a fault was logged with its own trace.
    super(message, null, false, false);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
