package io.liiklus.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.security.jwt.RefusedTokenException;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenCacheTest {

  private static final Object KEYS = new Object();
  private static final long NOW_MS = 1_000;

  private final TokenCache cache = new TokenCache(10);

  private static Token.Hash hash(int number) throws RefusedTokenException {
    return Token.of(List.of("Bearer token-" + number)).hash();
  }

  private static Identity until(long expiresAtMs) {
    return new Identity(new Principal("anna", Principal.Source.TOKEN), expiresAtMs);
  }

  @Test
  void token_isKnownUntilItExpires() throws Exception {
    cache.put(hash(1), until(NOW_MS), KEYS);
    assertThat(cache.get(hash(1), KEYS, NOW_MS)).isEqualTo(until(NOW_MS));
    assertThat(cache.get(hash(1), KEYS, NOW_MS + 1)).isNull();
    assertThat(cache.get(hash(2), KEYS, NOW_MS)).isNull();
  }

  @Test
  void token_isUnknownOnceTheKeysChanged() throws Exception {
    cache.put(hash(1), until(NOW_MS), KEYS);
    assertThat(cache.get(hash(1), new Object(), NOW_MS)).isNull();
  }

  @Test
  void number_isBoundedAndTheUsedOnesStay() throws Exception {
    for (int i = 1; i < 1_000; i++) {
      cache.put(hash(0), until(NOW_MS), KEYS);
      cache.put(hash(i), until(NOW_MS), KEYS);
      assertThat(cache.get(hash(0), KEYS, NOW_MS)).isNotNull();
      assertThat(cache.size()).isLessThanOrEqualTo(10);
    }
    assertThat(cache.get(hash(1), KEYS, NOW_MS)).isNull();
    assertThat(cache.get(hash(999), KEYS, NOW_MS)).isNotNull();
  }
}
