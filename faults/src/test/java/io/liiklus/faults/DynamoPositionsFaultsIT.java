package io.liiklus.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Deployment.Positions;
import io.liiklus.testing.DynamoDbServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Gateways with the plugin of AWS, which keep positions in DynamoDB, and what breaks there. All
 * other faults with them: {@code -Dliiklus.faults.positions=DYNAMODB}.
 */
class DynamoPositionsFaultsIT {

  private static Deployment deployment;
  private static FaultBench bench;

  @BeforeAll
  static void open() {
    assumeTrue(DynamoDbServer.isAvailable());
    deployment = SharedDeployment.get().beside(Positions.DYNAMODB);
    bench = FaultBench.open(Baseline.of(deployment), "dynamo-positions-faults");
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
  void throttledPositions_stopNoRecords() {
    bench.run(PositionsFault.THROTTLED);
  }

  @Test
  @EnabledIfSystemProperty(named = "liiklus.faults.heavy", matches = "true")
  void awayPositions_stopNoRecords() {
    bench.run(PositionsFault.AWAY);
  }

  @Test
  @EnabledIfSystemProperty(named = "liiklus.faults.heavy", matches = "true")
  void hangingPositions_stopNoRecords() {
    bench.run(PositionsFault.HANGING);
  }

  @Test
  @EnabledIfSystemProperty(named = "liiklus.faults.heavy", matches = "true")
  void slowPositions_slowAcksOnly() {
    bench.run(PositionsFault.SLOW);
  }
}
