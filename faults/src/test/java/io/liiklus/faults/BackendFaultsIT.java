package io.liiklus.faults;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.liiklus.faults.deployment.Deployment.Positions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Faults of brokers and Redis: they end, hang and return. */
class BackendFaultsIT {

  private static FaultBench bench;

  @BeforeAll
  static void open() {
    bench = FaultBench.open("backend-faults");
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
  }

  private static void assumePositionsInRedis() {
    assumeThat(bench.stage().deployment().positions()).isEqualTo(Positions.REDIS);
  }

  @Test
  void awayRedis_stopsNoRecords() {
    assumePositionsInRedis();
    bench.run(RedisFault.AWAY);
  }

  @Test
  void hangingRedis_stopsNoRecords() {
    assumePositionsInRedis();
    bench.run(RedisFault.HANGING);
  }

  @Test
  void slowRedis_slowsAcksOnly() {
    assumePositionsInRedis();
    bench.run(RedisFault.SLOW);
  }

  @Test
  void killedBroker_losesNoAnsweredRecord() {
    bench.run(BrokerFault.KILL_ONE);
  }

  @Test
  void twoKilledBrokers_loseNoAnsweredRecord() {
    bench.run(BrokerFault.KILL_TWO);
  }

  @Test
  void lossOfAllBrokers_losesNoAnsweredRecord() {
    bench.run(BrokerFault.KILL_ALL);
  }

  @Test
  void hangingBroker_losesNoAnsweredRecord() {
    bench.run(BrokerFault.HANG);
  }
}
