package io.liiklus.server.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AccessDecision;
import io.liiklus.api.AccessRequest;
import io.liiklus.api.AccessRequest.Operation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecisionCacheTest {

  private final DecisionCache cache = new DecisionCache(100);

  private static AccessRequest request(int number) {
    return new AccessRequest(Operation.PUBLISH, "p", "t" + number, Optional.empty());
  }

  @Test
  void usedDecision_isKept() {
    cache.put(request(0), AccessDecision.allowed());
    for (int i = 1; i < 1_000; i++) {
      cache.put(request(i), AccessDecision.denied("no"));
      assertThat(cache.get(request(0))).isEqualTo(AccessDecision.allowed());
    }
    assertThat(cache.get(request(1))).isNull();
    assertThat(cache.size()).isLessThanOrEqualTo(100);
  }
}
