package io.liiklus.server.security.jwt;

import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Duration;
import java.util.Optional;

/**
 * Rules for the claims of tokens. Immutable.
 *
 * @param issuer empty: any
 * @param audience empty: any
 * @param principalClaim name of the claim that names the principal
 * @param isPrincipalRequired whether a token without that claim is refused
 * @param leeway by how much clocks may differ
 * @param isExpiryRequired whether a token without {@code exp} is refused
 * @param maxLifetime from {@code iat}, or from now where there is none, until {@code exp}
 */
public record TokenRules(
    String issuer,
    String audience,
    String principalClaim,
    boolean isPrincipalRequired,
    Duration leeway,
    boolean isExpiryRequired,
    Optional<Duration> maxLifetime) {

  /** The longest name of a principal; that of a SPIFFE identity has at most 2048 bytes. */
  public static final int MAX_NAME_CHARS = 2048;

  VerifiedToken check(JWTClaimsSet claims, long nowMs)
      throws RefusedTokenException, ParseException {
    require(issuer.isEmpty() || issuer.equals(claims.getIssuer()), "of another issuer");
    require(audience.isEmpty() || claims.getAudience().contains(audience), "for another audience");
    long expiresAtMs = checkTimes(claims, nowMs);
    return new VerifiedToken(name(claims), expiresAtMs);
  }

  /** Returns when the token is no longer accepted. */
  private long checkTimes(JWTClaimsSet claims, long nowMs)
      throws RefusedTokenException, ParseException {
    long leewayMs = leeway.toMillis();
    long issuedMs = timeMs(claims, "iat", nowMs);
    require(issuedMs <= nowMs + leewayMs, "issued in the future");
    require(timeMs(claims, "nbf", nowMs) <= nowMs + leewayMs, "not valid yet");
    long expiryMs = timeMs(claims, "exp", VerifiedToken.NEVER);
    if (expiryMs == VerifiedToken.NEVER) {
      require(!isExpiryRequired && maxLifetime.isEmpty(), "without an expiry");
      return VerifiedToken.NEVER;
    }
    long expiresAtMs = saturatedSum(expiryMs, leewayMs);
    require(nowMs <= expiresAtMs, "expired");
    if (maxLifetime.isPresent()) {
      long longestMs = saturatedSum(issuedMs, maxLifetime.get().toMillis());
      require(expiryMs <= longestMs, "of a longer lifetime than grpc.auth.maxLifetime");
    }
    return expiresAtMs;
  }

  private static long timeMs(JWTClaimsSet claims, String claim, long otherwise)
      throws ParseException {
    var time = claims.getDateClaim(claim);
    return time == null ? otherwise : time.toInstant().toEpochMilli();
  }

  private static long saturatedSum(long ms, long moreMs) {
    return ms > Long.MAX_VALUE - moreMs ? Long.MAX_VALUE : ms + moreMs;
  }

  private String name(JWTClaimsSet claims) throws RefusedTokenException, ParseException {
    var name = claims.getStringClaim(principalClaim);
    if (name == null || name.isEmpty()) {
      require(!isPrincipalRequired, "without the claim " + principalClaim);
      return "";
    }
    require(isName(name), "with a principal's name that is too long or has control characters");
    return name;
  }

  /** Whether a text may stand in logs and rules. */
  public static boolean isName(String text) {
    return !text.isBlank()
        && text.length() <= MAX_NAME_CHARS
        && text.codePoints().noneMatch(Character::isISOControl);
  }

  private static void require(boolean isRight, String otherwise) throws RefusedTokenException {
    if (!isRight) {
      throw new RefusedTokenException("the token is " + otherwise);
    }
  }
}
