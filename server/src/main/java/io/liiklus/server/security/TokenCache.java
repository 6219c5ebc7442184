package io.liiklus.server.security;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens that were checked, by their hashes. Bounded: where one half is full, the other one, of
 * those used longest ago, is dropped. Thread-safe.
 */
final class TokenCache {

  /**
   * @param keys generation of the keys that it was checked by
   */
  private record Entry(Identity identity, Object keys) {}

  private final int halfSize;

  private volatile Map<Token.Hash, Entry> young = new ConcurrentHashMap<>();
  private volatile Map<Token.Hash, Entry> old = Map.of();

  /**
   * @param size how many tokens it has at the most, but for those that threads add at once
   */
  TokenCache(int size) {
    this.halfSize = Math.max(1, size / 2);
  }

  /** Null where it is to be checked: it was not, or has expired, or the keys have changed. */
  Identity get(Token.Hash hash, Object keys, long nowMs) {
    var entry = young.get(hash);
    if (entry == null) {
      entry = old.get(hash);
      if (entry == null) {
        return null;
      }
      add(hash, entry);
    }
    boolean isCurrent = entry.keys == keys && !entry.identity.isExpired(nowMs);
    return isCurrent ? entry.identity : null;
  }

  void put(Token.Hash hash, Identity identity, Object keys) {
    add(hash, new Entry(identity, keys));
  }

  private void add(Token.Hash hash, Entry entry) {
    var half = young;
    half.put(hash, entry);
    if (half.size() >= halfSize) {
      // Two threads may do so at once, which costs no more than a few checks.
      old = half;
      young = new ConcurrentHashMap<>();
    }
  }

  int size() {
    return young.size() + old.size();
  }
}
