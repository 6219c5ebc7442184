package io.liiklus.faults;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.liiklus.faults.deployment.Deployment.Positions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * Faults of brokers and of the server of the positions: they end, hang and return.
 *
 * <p>The brokers come last. A group whose brokers were away may be rebalanced as late as a session
 * timeout after they are back, and a partition that moves waits for its position.
 */
@TestMethodOrder(OrderAnnotation.class)
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
  @Order(1)
  void awayPositions_stopNoRecords() {
    assumePositionsApart();
    bench.run(PositionsFault.AWAY);
  }

  @Test
  @Order(2)
  void hangingPositions_stopNoRecords() {
    assumePositionsApart();
    bench.run(PositionsFault.HANGING);
  }

  @Test
  @Order(3)
  void slowPositions_slowAcksOnly() {
    assumeThat(bench.stage().deployment().positionsRelay()).isPresent();
    bench.run(PositionsFault.SLOW);
  }

  @Test
  @Order(4)
  void throttledPositions_stopNoRecords() {
    assumeThat(bench.stage().deployment().positions()).isEqualTo(Positions.DYNAMODB);
    bench.run(PositionsFault.THROTTLED);
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
