package io.liiklus.faults;

import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Deployment.Positions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Gateways that keep positions in Kafka, and what breaks that has to do with positions. All other
 * faults with them: {@code -Dliiklus.faults.positions=KAFKA}.
 */
class KafkaPositionsFaultsIT {

  private static Deployment deployment;
  private static FaultBench bench;

  @BeforeAll
  static void open() {
    deployment = SharedDeployment.get().beside(Positions.KAFKA);
    bench = FaultBench.open(Baseline.of(deployment), "kafka-positions-faults");
  }

  @AfterAll
  static void close() {
    if (bench != null) {
      bench.close();
    }
    if (deployment != null) {
      deployment.close();
    }
  }

  @Test
  @EnabledIfSystemProperty(named = "liiklus.faults.heavy", matches = "true")
  void killedLeaderOfThePositions_losesNothingThatWasAnswered() {
    bench.run(BrokerFault.KILL_LEADER_OF_POSITIONS);
  }

  @Test
  @EnabledIfSystemProperty(named = "liiklus.faults.heavy", matches = "true")
  void lossOfAllBrokers_losesNoPosition() {
    bench.run(BrokerFault.KILL_ALL);
  }

  @Test
  void deletedPositionsTopic_isNeverTakenForNoPosition() {
    new PositionsTopicFault(deployment).happen("positions-topic-deleted");
  }
}
