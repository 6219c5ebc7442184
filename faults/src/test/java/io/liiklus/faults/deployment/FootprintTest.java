package io.liiklus.faults.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FootprintTest {

  private static final long MIB = 1 << 20;

  private static final Footprint BEFORE =
      new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 3), 10 * MIB, 5 * MIB);

  @Test
  void sameOrLess_isNoGrowth() {
    var after = new Footprint(Map.of("liiklus-io-#", 1), Map.of(), 11 * MIB, 6 * MIB);

    assertThat(after.growthOver(BEFORE)).isEmpty();
  }

  @Test
  void anotherThread_isNamed() {
    var after =
        new Footprint(
            Map.of("liiklus-io-#", 3, "liiklus-poll-g", 1), Map.of(9_092, 3), 10 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE))
        .containsExactlyInAnyOrder(
            "threads liiklus-io-#: 3, were 2", "threads liiklus-poll-g: 1, were 0");
  }

  @Test
  void anotherConnection_isNamedByItsPort() {
    var after = new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 4), 10 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE)).containsExactly("connections of port 9092: 4, were 3");
  }

  @Test
  void knownNumberOfConnections_isNoGrowth() {
    var after = new Footprint(Map.of(), Map.of(9_092, 4), 10 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE.withConnectionsOf(9_092, 4))).isEmpty();
  }

  @Test
  void grownHeap_isReported() {
    var after = new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 3), 64 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE))
        .containsExactly("heap: %d bytes, were %d".formatted(64 * MIB, 10 * MIB));
  }

  @Test
  void unreleasedBuffers_areReported() {
    var after = new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 3), 10 * MIB, 64 * MIB);

    assertThat(after.growthOver(BEFORE))
        .containsExactly("buffers: %d bytes, were %d".formatted(64 * MIB, 5 * MIB));
  }
}
