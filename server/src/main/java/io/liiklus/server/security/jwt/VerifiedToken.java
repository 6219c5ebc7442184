package io.liiklus.server.security.jwt;

/**
 * Facts of a token that was checked. Immutable.
 *
 * @param name of the principal; empty where the token has none
 * @param expiresAtMs end of its acceptance in milliseconds since 1970, leeway included; {@link
 *     #NEVER} where it has none
 */
public record VerifiedToken(String name, long expiresAtMs) {

  public static final long NEVER = Long.MAX_VALUE;
}
