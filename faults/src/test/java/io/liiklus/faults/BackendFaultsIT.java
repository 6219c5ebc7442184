package io.liiklus.faults;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.liiklus.faults.deployment.Deployment.Positions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Faults of brokers and of the server of the positions: they end, hang and return. */
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

  /** Brokers that have them too are broken below. */
  private static void assumePositionsApart() {
    assumeThat(bench.stage().deployment().positions()).isNotEqualTo(Positions.KAFKA);
  }

  @Test
  void awayPositions_stopNoRecords() {
    assumePositionsApart();
    bench.run(PositionsFault.AWAY);
  }

  @Test
  void hangingPositions_stopNoRecords() {
    assumePositionsApart();
    bench.run(PositionsFault.HANGING);
  }

  @Test
  void slowRedis_slowsAcksOnly() {
    assumeThat(bench.stage().deployment().positions()).isEqualTo(Positions.REDIS);
    bench.run(PositionsFault.SLOW);
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
