package io.liiklus.server.security;

import io.liiklus.server.security.jwt.VerifiedToken;

/**
 * A principal and until when its credentials prove it. Immutable.
 *
 * @param expiresAtMs in milliseconds since 1970; {@link VerifiedToken#NEVER}
 */
public record Identity(Principal principal, long expiresAtMs) {

  public static final Identity ANONYMOUS = new Identity(Principal.ANONYMOUS, VerifiedToken.NEVER);

  static Identity of(VerifiedToken token) {
    return new Identity(new Principal(token.name(), Principal.Source.TOKEN), token.expiresAtMs());
  }

  public static Identity ofCertificate(String name) {
    return new Identity(new Principal(name, Principal.Source.CERTIFICATE), VerifiedToken.NEVER);
  }

  public boolean isExpired(long nowMs) {
    return nowMs > expiresAtMs;
  }

  /** Whether this can be said at some time. */
  public boolean canExpire() {
    return expiresAtMs != VerifiedToken.NEVER;
  }

  /**
   * The identity of a call that has a token and a certificate: that of the token, since the
   * certificate may be that of a proxy which many callers share. A token that names nobody leaves
   * the certificate's name, and expires all the same.
   */
  public Identity over(Identity certificate) {
    return principal.name().isEmpty() && !certificate.principal.isAnonymous()
        ? new Identity(certificate.principal, expiresAtMs)
        : this;
  }
}
