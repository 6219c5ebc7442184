package io.liiklus.faults.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FootprintTest {

  private static final long MIB = 1 << 20;

  private static final Footprint BEFORE =
      new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 3), 10 * MIB, 5 * MIB);

  @Test
  void the_same_or_less_is_no_growth() {
    var after = new Footprint(Map.of("liiklus-io-#", 1), Map.of(), 11 * MIB, 6 * MIB);

    assertThat(after.growthOver(BEFORE)).isEmpty();
  }

  @Test
  void a_thread_more_is_told_by_its_name() {
    var after =
        new Footprint(
            Map.of("liiklus-io-#", 3, "liiklus-poll-g", 1), Map.of(9_092, 3), 10 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE))
        .containsExactlyInAnyOrder(
            "threads liiklus-io-#: 3, were 2", "threads liiklus-poll-g: 1, were 0");
  }

  @Test
  void a_connection_more_is_told_by_its_port() {
    var after = new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 4), 10 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE)).containsExactly("connections of port 9092: 4, were 3");
  }

  @Test
  void as_many_connections_as_are_known_are_no_growth() {
    var after = new Footprint(Map.of(), Map.of(9_092, 4), 10 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE.withConnectionsOf(9_092, 4))).isEmpty();
  }

  @Test
  void a_heap_that_grew_is_told() {
    var after = new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 3), 64 * MIB, 5 * MIB);

    assertThat(after.growthOver(BEFORE))
        .containsExactly("heap: %d bytes, were %d".formatted(64 * MIB, 10 * MIB));
  }

  @Test
  void buffers_that_are_not_given_back_are_told() {
    var after = new Footprint(Map.of("liiklus-io-#", 2), Map.of(9_092, 3), 10 * MIB, 64 * MIB);

    assertThat(after.growthOver(BEFORE))
        .containsExactly("buffers: %d bytes, were %d".formatted(64 * MIB, 5 * MIB));
  }
}
