package io.liiklus.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Deployment.Positions;
import io.liiklus.testing.CassandraServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Gateways that keep positions in three nodes of Cassandra, and what breaks that has to do with
 * positions. All other faults with them: {@code -Dliiklus.faults.positions=CASSANDRA}. In the
 * profile {@code servers} alone.
 */
class CassandraPositionsFaultsIT {

  private static final long MEMORY = 6L << 30;

  private static Deployment deployment;
  private static FaultBench bench;

  @BeforeAll
  static void open() {
    var obstacle = CassandraServer.obstacle();
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
    boolean hasMemory = CassandraServer.freeMemory() >= MEMORY;
    if (!hasMemory) {
      LoggerFactory.getLogger(CassandraPositionsFaultsIT.class)
          .error("SKIPPED: three nodes of Cassandra need 6 GiB of free memory here");
    }
    assumeTrue(hasMemory);
    deployment = SharedDeployment.get().beside(Positions.CASSANDRA);
    bench = FaultBench.open(Baseline.of(deployment), "cassandra-positions-faults");
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
  void oneNodeOfThreeGone_stopsNoAcks() {
    bench.run(PositionsFault.ONE_NODE_GONE);
  }

  @Test
  void slowNode_slowsAcksOnly() {
    bench.run(PositionsFault.SLOW);
  }

  @Test
  void hangingNodes_stopAcksOnly() {
    bench.run(PositionsFault.HANGING);
  }

  @Test
  void killedNodes_stopAcksOnly() {
    bench.run(PositionsFault.AWAY);
  }

  @Test
  void killedGateway_losesNothing() {
    bench.run(GatewayFault.KILL);
  }

  @Test
  void hangingGateway_losesNothing() {
    bench.run(GatewayFault.PAUSE);
  }
}
