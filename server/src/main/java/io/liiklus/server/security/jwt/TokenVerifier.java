package io.liiklus.server.security.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.security.interfaces.RSAPublicKey;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks tokens: their form, their claims, then their signature. Thread-safe; nothing blocks.
 *
 * <p>The key comes from the settings alone: what a token brings along of keys, or says of where
 * they are ({@code jwk}, {@code jku}, {@code x5u}, {@code x5c}), is not looked at.
 */
public final class TokenVerifier implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TokenVerifier.class);

  /** Larger ones than any in use; the headers of a call are bounded by a setting too. */
  private static final int MAX_TOKEN_CHARS = 64 * 1024;

  private static final int SHOWN_CHARS = 64;

  private final VerificationKeys keys;
  private final TokenRules rules;
  private final InstantSource clock;
  private final AtomicBoolean isToldOfNoExpiry = new AtomicBoolean();

  TokenVerifier(VerificationKeys keys, TokenRules rules, InstantSource clock) {
    this.keys = keys;
    this.rules = rules;
    this.clock = clock;
  }

  /** Takes HS512 by a secret. */
  public static TokenVerifier hmac512(String secret, TokenRules rules) {
    return new TokenVerifier(FixedKeys.hmac512(secret), rules, InstantSource.system());
  }

  /** Takes RS512 by keys that tokens name. */
  public static TokenVerifier rsa512(Map<String, RSAPublicKey> keys, TokenRules rules) {
    return new TokenVerifier(FixedKeys.rsa512(keys), rules, InstantSource.system());
  }

  /** Takes RS, PS, ES and EdDSA by the keys of a set; returns at once, while it is fetched. */
  public static TokenVerifier jwks(JwksSettings settings, TokenRules rules) {
    return new TokenVerifier(JwksKeys.open(settings), rules, InstantSource.system());
  }

  /**
   * Checks a token. The stage is complete where the key is known; else it completes when the keys
   * were fetched again, on the thread that fetches. It fails with {@link RefusedTokenException}, or
   * with {@link KeysAwayException}.
   */
  public CompletionStage<VerifiedToken> verify(String text) {
    try {
      var token = parse(text);
      var verified = rules.check(token.getJWTClaimsSet(), clock.millis());
      var key = keys.find(token.getHeader());
      if (key.isPresent()) {
        return CompletableFuture.completedStage(checked(token, key.get(), verified));
      }
      return keys.refresh().handle((done, late) -> verifyAgain(token, verified));
    } catch (ParseException | JOSEException | RuntimeException unreadable) {
      return CompletableFuture.failedStage(unreadable());
    } catch (RefusedTokenException refused) {
      return CompletableFuture.failedStage(refused);
    }
  }

  private VerifiedToken verifyAgain(SignedJWT token, VerifiedToken verified) {
    try {
      var key = keys.find(token.getHeader());
      if (key.isEmpty() && keys.areAway()) {
        throw new KeysAwayException();
      }
      return checked(token, key.orElseThrow(() -> unknownKey(token.getHeader())), verified);
    } catch (JOSEException | RuntimeException unreadable) {
      throw new CompletionException(unreadable());
    } catch (RefusedTokenException | KeysAwayException refused) {
      throw new CompletionException(refused);
    }
  }

  private static RefusedTokenException unreadable() {
    return new RefusedTokenException("the token is not readable as a signed JWT");
  }

  private static SignedJWT parse(String text) throws ParseException, RefusedTokenException {
    if (text.length() > MAX_TOKEN_CHARS || !isBase64Url(text)) {
      throw unreadable();
    }
    var token = SignedJWT.parse(text);
    var header = token.getHeader();
    // No extension is understood here, and RFC 7515 wants such a token refused. The library drops
    // an
    // empty list.
    var members = JSONObjectUtils.parse(header.getParsedBase64URL().decodeToString());
    if (members.containsKey("crit") || members.containsKey("b64")) {
      throw new RefusedTokenException("the token has critical extensions (crit)");
    }
    return token;
  }

  /** The library passes over characters that are not of the alphabet. */
  private static boolean isBase64Url(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean isLetter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!isLetter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') {
        return false;
      }
    }
    return true;
  }

  private static RefusedTokenException unknownKey(JWSHeader header) {
    return new RefusedTokenException(
        "there is no key for the token's alg=%s kid=%s"
            .formatted(shown(header.getAlgorithm().getName()), shown(header.getKeyID())));
  }

  /** What anybody may have written, as it may stand in a log. */
  private static String shown(String text) {
    if (text == null) {
      return "(none)";
    }
    var part = text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + "..." : text;
    return part.replaceAll("[^!-~]", "?");
  }

  private VerifiedToken checked(SignedJWT token, VerificationKey key, VerifiedToken verified)
      throws JOSEException, RefusedTokenException {
    if (!key.verifier().verify(token.getHeader(), token.getSigningInput(), token.getSignature())) {
      throw new RefusedTokenException("the token's signature is wrong");
    }
    if (verified.expiresAtMs() == VerifiedToken.NEVER
        && isToldOfNoExpiry.compareAndSet(false, true)) {
      log.warn(
          "a token without an expiry was taken: it can be used until its key changes; issue tokens"
              + " with exp, then set grpc.auth.requireExpiry = true, principal={} (logged once)",
          verified.name());
    }
    return verified;
  }

  /** An object that changes with the keys: what was checked before is to be checked again. */
  public Object generation() {
    return keys.generation();
  }

  @Override
  public void close() {
    keys.close();
  }
}
