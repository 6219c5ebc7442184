package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.load.Connection;
import io.liiklus.faults.load.Publisher;
import io.liiklus.testing.TcpRelay;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Two gateways on one PostgreSQL, which has records, positions and groups. */
@TestMethodOrder(OrderAnnotation.class)
class PostgresFaultsIT {

  private static final String HEAVY = "liiklus.faults.heavy";

  private static Deployment deployment;
  private static FaultBench bench;

  @BeforeAll
  static void open() {
    deployment = Deployment.onPostgres();
    bench = FaultBench.open(Baseline.of(deployment), "postgres-faults");
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
  void killedGateway_losesNothing() {
    bench.run(GatewayFault.KILL);
  }

  @Test
  void terminatedGateway_handsItsPartitionsOver() {
    bench.run(GatewayFault.TERMINATE);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void rollingRestart_losesNothing() {
    bench.run(GatewayFault.ROLLING_RESTART);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void groupOfAHangingGateway_goesOnWithoutIt() {
    bench.run(GatewayFault.PAUSE);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void unreadPartition_holdsUpNoOther() {
    bench.run(ClientFault.STALL);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void repeatedReceive_leavesNothingOut() {
    bench.run(ClientFault.CANCEL);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void membersThatComeAndGo_leaveNoPartitionStuck() {
    bench.run(ClientFault.CHURN);
  }

  @Test
  void awayDatabase_movesNoPartition() {
    bench.run(PostgresFault.AWAY);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void hangingDatabase_movesNoPartition() {
    bench.run(PostgresFault.HANGING);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void killedDatabase_losesNothingThatWasAnswered() {
    bench.run(PostgresFault.KILLED);
  }

  @Test
  @EnabledIfSystemProperty(named = HEAVY, matches = "true")
  void firstPublishToADatabaseThatIsAway_isAnsweredInTime() {
    var postgres = deployment.postgres().primary();
    try (var relay = TcpRelay.start(postgres.host(), postgres.port());
        var journal = Stage.journal("postgres-cold-start")) {
      relay.cut();
      try (var gateway = deployment.gatewayOn("gateway-cold", postgresAt(relay))) {
        gateway.launch();
        gateway.awaitHealth("/health/live");
        try (var connection = Connection.to(gateway.address())) {
          var publisher = new Publisher("postgres-cold-start", journal);
          await("the gateway serves")
              .atMost(Stage.RECOVERY_BOUND)
              .until(() -> gateway.log().contains("serving, "));
          // Not the caller's own DEADLINE_EXCEEDED: the gateway answers before.
          assertThat(publisher.publish(connection, "key", 0).getCode())
              .isEqualTo(Status.Code.UNAVAILABLE);
          relay.restore();
          await("a record is published")
              .atMost(Stage.RECOVERY_BOUND)
              .until(() -> publisher.publish(connection, "key", 0).isOk());
        }
        assertThat(gateway.log().problems(List.of())).isEmpty();
      }
    }
  }

  private static String postgresAt(TcpRelay relay) {
    return "jdbc:postgresql://%s:%d/postgres".formatted(relay.host(), relay.port());
  }

  /** The last one: the old primary does not come back. */
  @Test
  @Order(Integer.MAX_VALUE)
  void failedOverDatabase_losesNothingThatWasAnswered() {
    bench.run(PostgresFault.FAILED_OVER);
  }
}
