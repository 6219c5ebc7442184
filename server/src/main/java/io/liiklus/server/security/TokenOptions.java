package io.liiklus.server.security;

import io.liiklus.api.Settings;
import io.liiklus.server.security.jwt.JwksSettings;
import io.liiklus.server.security.jwt.RsaKeyText;
import io.liiklus.server.security.jwt.TokenRules;
import io.liiklus.server.security.jwt.TokenVerifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of tokens, below {@code grpc.auth}. Immutable.
 *
 * @param cacheSize how many checked tokens are remembered
 */
public record TokenOptions(Keys keys, TokenRules rules, int cacheSize) {

  /** The output of SHA-512, below which RFC 7518 (3.2) wants no secret for HS512. */
  private static final int RFC_SECRET_BYTES = 64;

  /** By RFC 7518, 3.3. */
  private static final int RFC_RSA_BITS = 2048;

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String HTTPS = "https:";

  /** Keys that tokens are checked by. */
  sealed interface Keys {
    TokenVerifier open(TokenRules rules);
  }

  private record Secret(String text) implements Keys {
    @Override
    public TokenVerifier open(TokenRules rules) {
      return TokenVerifier.hmac512(text, rules);
    }

    /** Without the secret. */
    @Override
    public String toString() {
      return "Secret[]";
    }
  }

  private record RsaKeys(Map<String, RSAPublicKey> byId) implements Keys {
    @Override
    public TokenVerifier open(TokenRules rules) {
      return TokenVerifier.rsa512(byId, rules);
    }
  }

  private record KeySet(JwksSettings settings) implements Keys {
    @Override
    public TokenVerifier open(TokenRules rules) {
      return TokenVerifier.jwks(settings, rules);
    }
  }

  private enum Algorithm {
    NONE,
    HMAC512,
    RSA512,
    JWKS
  }

  /** Empty where no tokens are asked for. */
  public static Optional<TokenOptions> read(Settings grpc) {
    var auth = grpc.section("auth");
    var algorithm = algorithm(auth);
    warnOfIdle(grpc, algorithm);
    var rules = rules(auth, algorithm);
    int cacheSize = auth.integer("cacheSize", 0, 1_000_000);
    var secret = secret(auth, algorithm);
    var rsaKeys = rsaKeys(auth, algorithm);
    var keySet = keySet(auth, algorithm);
    Optional<? extends Keys> keys =
        switch (algorithm) {
          case NONE -> Optional.empty();
          case HMAC512 -> secret;
          case RSA512 -> rsaKeys;
          case JWKS -> keySet;
        };
    return keys.map(found -> new TokenOptions(found, rules, cacheSize));
  }

  private static Algorithm algorithm(Settings auth) {
    return auth.text("alg").isEmpty()
        ? Algorithm.NONE
        : Algorithm.valueOf(auth.choice("alg", "NONE", "HMAC512", "RSA512", "JWKS"));
  }

  /** Of keys that are not those of the algorithm. */
  private static void warnOfIdle(Settings grpc, Algorithm algorithm) {
    var idle = new ArrayList<String>();
    Map.of(
            "auth.secret", Algorithm.HMAC512,
            "auth.keys", Algorithm.RSA512,
            "auth.jwks", Algorithm.JWKS)
        .forEach(
            (key, of) -> {
              if (of != algorithm && grpc.isGiven(key)) {
                idle.add(key);
              }
            });
    idle.stream()
        .sorted()
        .forEach(
            key ->
                grpc.warn(
                    "auth.alg",
                    (algorithm == Algorithm.NONE ? "is not set" : "is " + algorithm)
                        + ", so "
                        + key
                        + " does nothing"));
  }

  private static TokenRules rules(Settings auth, Algorithm algorithm) {
    boolean isOfOriginal = algorithm == Algorithm.HMAC512 || algorithm == Algorithm.RSA512;
    boolean isExpiryRequired =
        auth.text("requireExpiry").isBlank() ? !isOfOriginal : auth.flag("requireExpiry");
    Optional<Duration> maxLifetime =
        auth.text("maxLifetime").isBlank()
            ? Optional.empty()
            : Optional.of(auth.duration("maxLifetime", SECOND, Duration.ofDays(3650)));
    var claim = auth.text("principalClaim").strip();
    if (claim.isEmpty()) {
      auth.refuse("principalClaim", "has no value; the name of a claim, as sub");
    }
    return new TokenRules(
        auth.text("issuer"),
        auth.text("audience"),
        claim,
        !isOfOriginal || auth.isGiven("principalClaim"),
        auth.duration("leeway", Duration.ZERO, Duration.ofMinutes(5)),
        isExpiryRequired,
        maxLifetime);
  }

  private static Optional<Keys> secret(Settings auth, Algorithm algorithm) {
    if (algorithm != Algorithm.HMAC512) {
      return Optional.empty();
    }
    var text = auth.text("secret");
    if (text.isEmpty()) {
      auth.refuse("secret", "has no value; grpc.auth.alg = HMAC512 needs one");
      return Optional.empty();
    }
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < RFC_SECRET_BYTES) {
      auth.warn(
          "secret",
          ("has %d bytes; RFC 7518 wants %d or more at random, since whoever sees a token can"
                  + " try out short secrets")
              .formatted(bytes, RFC_SECRET_BYTES));
    }
    return Optional.of(new Secret(text));
  }

  private static Optional<Keys> rsaKeys(Settings auth, Algorithm algorithm) {
    if (algorithm != Algorithm.RSA512) {
      return Optional.empty();
    }
    if (!auth.isGiven("keys")) {
      auth.refuse("keys", "has no entries; grpc.auth.alg = RSA512 needs keys.<kid> = a public key");
      return Optional.empty();
    }
    var keys = new HashMap<String, RSAPublicKey>();
    auth.map("keys")
        .forEach(
            (id, text) -> {
              var key = RsaKeyText.parse(text);
              if (key.isEmpty()) {
                auth.refuse(
                    "keys." + id, "is no RSA public key of X.509 in PEM (BEGIN PUBLIC KEY)");
              } else {
                warnOfShort(auth, id, key.get());
                keys.put(id, key.get());
              }
            });
    return Optional.of(new RsaKeys(Map.copyOf(keys)));
  }

  private static void warnOfShort(Settings auth, String id, RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    if (bits < RFC_RSA_BITS) {
      auth.warn("keys." + id, "has %d bits; RFC 7518 wants %d".formatted(bits, RFC_RSA_BITS));
    }
  }

  private static Optional<Keys> keySet(Settings auth, Algorithm algorithm) {
    var place = auth.text("jwks").strip();
    boolean isUrl = place.regionMatches(true, 0, HTTPS, 0, HTTPS.length());
    var url = isUrl ? url(auth, place) : Optional.<URI>empty();
    Optional<Path> file = isUrl ? Optional.empty() : auth.readableFile("jwks");
    var settings =
        new JwksSettings(
            file,
            url.orElse(null),
            auth.readableFile("jwksTrustCert"),
            auth.duration("jwksRefresh", SECOND, Duration.ofDays(1)),
            auth.duration("jwksMinInterval", Duration.ofMillis(100), HOUR),
            auth.duration("jwksTimeout", Duration.ofMillis(100), Duration.ofMinutes(1)));
    if (algorithm != Algorithm.JWKS) {
      return Optional.empty();
    }
    if (place.isEmpty()) {
      auth.refuse("jwks", "has no value; grpc.auth.alg = JWKS needs a file or an https URL");
    }
    settings.problem().ifPresent(problem -> auth.refuse("jwks", problem));
    if (auth.text("audience").isEmpty()) {
      auth.warn(
          "audience", "is not set, so tokens that were issued for other services are taken, too");
    }
    return file.isEmpty() && url.isEmpty() ? Optional.empty() : Optional.of(new KeySet(settings));
  }

  private static Optional<URI> url(Settings auth, String text) {
    try {
      var url = new URI(text);
      if (url.getHost() != null && url.getRawFragment() == null && url.getRawUserInfo() == null) {
        return Optional.of(url);
      }
    } catch (URISyntaxException notOne) {
      // As one without a host.
    }
    auth.refuse("jwks", "is no https URL with a host, without user and fragment");
    return Optional.empty();
  }
}
