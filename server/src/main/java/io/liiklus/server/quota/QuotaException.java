package io.liiklus.server.quota;

/** Refusal of one more than a principal may have at once. The message is for the client. */
public final class QuotaException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public QuotaException(String message) {
    super(message, null, false, false);
  }
}
