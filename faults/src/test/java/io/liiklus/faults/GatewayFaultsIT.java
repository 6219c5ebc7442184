package io.liiklus.faults;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gateways that end, hang and come back. */
class GatewayFaultsIT {

  private static FaultBench bench;

  @BeforeAll
  static void open() {
    bench = FaultBench.open("gateway-faults");
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void a_killed_gateway_loses_nothing() {
    bench.run(GatewayFault.KILL);
  }

  @Test
  void a_gateway_that_is_told_to_end_hands_its_partitions_over() {
    bench.run(GatewayFault.TERMINATE);
  }

  @Test
  void a_rolling_restart_loses_nothing() {
    bench.run(GatewayFault.ROLLING_RESTART);
  }

  @Test
  void a_group_goes_on_without_a_gateway_that_hangs() {
    bench.run(GatewayFault.PAUSE);
  }
}
