package io.liiklus.api;

/**
 * Answer of an {@link Authorizer}. Immutable.
 *
 * @param reason why it is not allowed, for the gateway's log; the caller does not get it
 */
public record AccessDecision(boolean isAllowed, String reason) {

  private static final AccessDecision ALLOWED = new AccessDecision(true, "");

  public static AccessDecision allowed() {
    return ALLOWED;
  }

  public static AccessDecision denied(String reason) {
    return new AccessDecision(false, reason);
  }
}
