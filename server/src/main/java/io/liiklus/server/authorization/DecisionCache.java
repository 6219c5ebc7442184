package io.liiklus.server.authorization;

import io.liiklus.api.AccessDecision;
import io.liiklus.api.AccessRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Decisions by their requests, from one change of the policy to the next. Bounded: where one half
 * is full, the other one, of those used longest ago, is dropped. Thread-safe.
 */
final class DecisionCache {

  private final int halfSize;

  private volatile Map<AccessRequest, AccessDecision> young = new ConcurrentHashMap<>();
  private volatile Map<AccessRequest, AccessDecision> old = Map.of();

  /**
   * @param size how many it has at the most, but for those that threads add at once
   */
  DecisionCache(int size) {
    this.halfSize = Math.max(1, size / 2);
  }

  /** Null where it was not decided, or is forgotten. */
  AccessDecision get(AccessRequest request) {
    var decision = young.get(request);
    if (decision == null) {
      decision = old.get(request);
      if (decision != null) {
        put(request, decision);
      }
    }
    return decision;
  }

  void put(AccessRequest request, AccessDecision decision) {
    var half = young;
    half.put(request, decision);
    if (half.size() >= halfSize) {
      // Two threads may do so at once, which costs no more than a few decisions.
      old = half;
      young = new ConcurrentHashMap<>();
    }
  }

  int size() {
    return young.size() + old.size();
  }
}
