package io.liiklus.server.security.jwt;

/**
 * A token that cannot be checked, since the keys could not be fetched since the start. Immutable.
 */
public final class KeysAwayException extends Exception {

  private static final long serialVersionUID = 1;

  KeysAwayException() {
    super("the keys of tokens could not be fetched so far", null, false, false);
  }
}
