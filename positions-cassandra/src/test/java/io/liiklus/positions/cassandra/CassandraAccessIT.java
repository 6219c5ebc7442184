package io.liiklus.positions.cassandra;

import static io.liiklus.api.OpenPositions.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.datastax.oss.driver.api.core.CqlSession;
import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.CassandraServer;
import io.liiklus.testing.CassandraServer.Access;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Logins, rights and TLS. */
class CassandraAccessIT {

  private static CassandraServer start(Access access) {
    assumeThat(CassandraServer.obstacle()).isEmpty();
    return CassandraServer.start(access);
  }

  @Test
  void certificateThatIsTrusted_isEnoughAndAnyOtherIsRefused() {
    try (var server = start(Access.TLS)) {
      var settings = TestSettings.at(server, "tls").with("tls.enabled", "true");
      var trusting = settings.with("tls.trustCert", server.certificate().toString());
      try (var storage =
          OpenPositions.open(new CassandraPositionsStorageFactory(), trusting).untilConnected()) {
        storage.store("topic", "group", 0, 5);
      }
      try (var storage = OpenPositions.open(new CassandraPositionsStorageFactory(), settings)) {
        await()
            .atMost(OpenPositions.PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(failure(storage.storage().check()))
                        .hasMessageContaining("TLS failed: ")
                        .extracting("kind")
                        .isEqualTo(Kind.UNAVAILABLE));
      }
    }
  }

  @Test
  void user_needsItsPasswordAndTheRightsThatAreNamed() {
    try (var server = start(Access.LOGIN)) {
      var all = login(server, CassandraServer.USER, CassandraServer.USER);
      try (var storage =
          OpenPositions.open(new CassandraPositionsStorageFactory(), all).untilConnected()) {
        storage.store("topic", "group", 0, 5);
      }
      execute(server, "create role gateway with password = 'secret' and login = true");

      try (var storage =
          OpenPositions.open(
              new CassandraPositionsStorageFactory(), login(server, "gateway", "wrong"))) {
        await()
            .atMost(OpenPositions.PATIENCE)
            .untilAsserted(
                () ->
                    assertThat(failure(storage.storage().check()))
                        .hasMessageStartingWith("Cassandra refuses the login of cassandra.user: ")
                        .extracting("kind")
                        .isEqualTo(Kind.REFUSED));
      }
      execute(server, "grant select on keyspace access to gateway");
      try (var storage =
          OpenPositions.open(
                  new CassandraPositionsStorageFactory(), login(server, "gateway", "secret"))
              .untilConnected()) {
        var id = new PositionId("topic", new GroupId("group", 0), 0);
        assertThat(failure(storage.storage().store(id, 6)))
            .hasMessageContaining("(the gateway needs SELECT and MODIFY on access.positions)")
            .extracting("kind")
            .isEqualTo(Kind.REFUSED);

        execute(server, "grant modify on keyspace access to gateway");
        storage.store("topic", "group", 0, 7);
        assertThat(storage.find("topic", "group", 0)).containsEntry(0, 7L);
      }
    }
  }

  private static MapSettings login(CassandraServer server, String user, String password) {
    return TestSettings.at(server, "access").with("user", user).with("password", password);
  }

  private static void execute(CassandraServer server, String statement) {
    try (var session =
        CqlSession.builder()
            .addContactPoint(new InetSocketAddress(server.host(), server.port()))
            .withLocalDatacenter("datacenter1")
            .withAuthCredentials(CassandraServer.USER, CassandraServer.USER)
            .withConfigLoader(AdminConfig.loader())
            .build()) {
      session.execute(statement);
    }
  }
}
