package io.liiklus.server.security.jwt;

/**
 * A token that is not accepted. Its text is for the log alone, since it would help to forge the
 * next one. Immutable.
 */
public final class RefusedTokenException extends Exception {

  private static final long serialVersionUID = 1;

  /**
   * @param reason without any part of the token that is secret
   */
  public RefusedTokenException(String reason) {
    // Anybody can cause one: no stack trace.
    super(reason, null, false, false);
  }
}
