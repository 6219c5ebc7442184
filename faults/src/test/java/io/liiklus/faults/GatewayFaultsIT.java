package io.liiklus.faults;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Gateways that end, hang and come back, under clients of both kinds. */
class GatewayFaultsIT {

  private static FaultBench bench;

  @BeforeAll
  static void open() {
    bench = FaultBench.openWithLibrary("gateway-faults");
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  @Test
  void killedGateway_losesNothing() {
    bench.run(GatewayFault.KILL);
  }

  @Test
  void terminatedGateway_handsItsPartitionsOver() {
    bench.run(GatewayFault.TERMINATE);
  }

  @Test
  void rollingRestart_losesNothing() {
    bench.run(GatewayFault.ROLLING_RESTART);
  }

  @Test
  void groupOfAHangingGateway_goesOnWithoutIt() {
    bench.run(GatewayFault.PAUSE);
  }
}
