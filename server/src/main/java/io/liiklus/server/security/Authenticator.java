package io.liiklus.server.security;

import io.liiklus.server.security.jwt.TokenVerifier;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;

/** Finds out whose token a call brings. Thread-safe; nothing blocks. */
public final class Authenticator implements AutoCloseable {

  private final TokenVerifier verifier;
  private final TokenCache cache;
  private final InstantSource clock;

  Authenticator(TokenVerifier verifier, int cachedTokens, InstantSource clock) {
    this.verifier = verifier;
    this.cache = new TokenCache(cachedTokens);
    this.clock = clock;
  }

  /** Opens what checks tokens as the settings say; the caller closes it. */
  public static Authenticator open(TokenOptions options) {
    return new Authenticator(
        options.keys().open(options.rules()), options.cacheSize(), InstantSource.system());
  }

  /** Null where the token is to be verified. */
  public Identity known(Token token) {
    return cache.get(token.hash(), verifier.generation(), clock.millis());
  }

  /**
   * Checks a token, and remembers it where it is valid.
   *
   * @see TokenVerifier#verify
   */
  public CompletionStage<Identity> verify(Token token) {
    var keys = verifier.generation();
    return verifier
        .verify(token.text())
        .thenApply(
            verified -> {
              var identity = Identity.of(verified);
              cache.put(token.hash(), identity, keys);
              return identity;
            });
  }

  @Override
  public void close() {
    verifier.close();
  }
}
