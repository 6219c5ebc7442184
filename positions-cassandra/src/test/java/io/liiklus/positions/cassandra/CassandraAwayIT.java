package io.liiklus.positions.cassandra;

import static io.liiklus.api.OpenPositions.answer;
import static io.liiklus.api.OpenPositions.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.LoggedLines;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.CassandraServer;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Cassandra away, slow or hung, without its tables: told in time, and healed by itself. */
class CassandraAwayIT {

  private static final PositionId ID = new PositionId("topic", new GroupId("group", 0), 0);
  private static final Duration LATE = Duration.ofSeconds(20);

  private static CassandraServer server;

  @BeforeAll
  static void starts() {
    assumeThat(CassandraServer.obstacle()).isEmpty();
    server = CassandraServer.start();
  }

  @AfterAll
  static void ends() {
    if (server != null) {
      server.close();
    }
  }

  private static MapSettings settings(String keyspace) {
    return TestSettings.at(server, keyspace).with("callTimeout", "2s");
  }

  private static void assertUnavailableInTime(CompletionStage<?> call) {
    long startNs = System.nanoTime();
    assertThat(failure(call).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Duration.ofNanos(System.nanoTime() - startNs)).isLessThan(LATE);
  }

  private static void assertNothingWorksAndAllSaysSo(OpenPositions open) {
    var storage = open.storage();
    assertUnavailableInTime(storage.store(ID, 1));
    assertUnavailableInTime(storage.find("topic", ID.group()));
    assertUnavailableInTime(storage.findVersions("topic", "group"));
    assertUnavailableInTime(storage.findAll());
    assertUnavailableInTime(storage.check());
    assertUnavailableInTime(
        open.coordination().replace("row", CoordinationStore.ABSENT, new byte[1]));
  }

  @Test
  void killedServer_isUsedAgainWhenItIsBack() {
    try (var storage =
        OpenPositions.open(new CassandraPositionsStorageFactory(), settings("killed"))
            .untilConnected()) {
      storage.store("topic", "group", 0, 5);
      server.kill();
      await().atMost(OpenPositions.PATIENCE).until(() -> !storage.isConnected());
      assertNothingWorksAndAllSaysSo(storage);
      server.restart();
      storage.untilConnected();
      storage.store("topic", "group", 0, 6);
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(0, Map.of(0, 6L)));
    }
  }

  @Test
  void hangingServer_failsCallsByTheirTimeout() {
    try (var storage =
        OpenPositions.open(new CassandraPositionsStorageFactory(), settings("hung"))
            .untilConnected()) {
      storage.store("topic", "group", 0, 5);
      server.pause();
      try {
        assertNothingWorksAndAllSaysSo(storage);
      } finally {
        server.resume();
      }
      storage.untilConnected();
      await()
          .atMost(OpenPositions.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> storage.store("topic", "group", 0, 7));
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 7L));
    }
  }

  @Test
  void serverAwayAtFirst_isFoundWhenItComes() {
    var relay = TcpRelay.start(server.host(), server.port());
    relay.cut();
    var settings = settings("later").with("contactPoints", relay.host() + ":" + relay.port());
    try (var storage = OpenPositions.open(new CassandraPositionsStorageFactory(), settings);
        relay;
        var lines = LoggedLines.of(CassandraConnector.class)) {
      await().atMost(OpenPositions.PATIENCE).until(() -> !lines.warnings().isEmpty());
      assertThat(lines.warnings().get(0))
          .startsWith("cannot connect to Cassandra, going on trying, at=127.0.0.1:");
      assertNothingWorksAndAllSaysSo(storage);
      relay.restore();
      storage.untilConnected();
      storage.store("topic", "group", 0, 5);
    }
  }

  @Test
  void missingKeyspace_isNamedUntilSomebodyMakesIt() {
    var settings = settings("nobodys").with("createKeyspace", "false");
    try (var storage = OpenPositions.open(new CassandraPositionsStorageFactory(), settings)) {
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(failure(storage.storage().check()))
                      .hasMessage(
                          "Cassandra has no keyspace nobodys: create it, or set"
                              + " cassandra.createKeyspace = true"));
      try (var maker =
          OpenPositions.open(
              new CassandraPositionsStorageFactory(), settings.with("createKeyspace", "true"))) {
        maker.untilConnected();
      }
      storage.untilConnected();
    }
  }

  @Test
  void storageThatIsRead_makesNothing() {
    StorageContext reading =
        new StorageContext() {
          @Override
          public Optional<CoordinationStore> coordination() {
            return Optional.empty();
          }

          @Override
          public boolean isReadOnly() {
            return true;
          }
        };
    var storage = new CassandraPositionsStorageFactory().open(settings("unread"), reading);
    try (var open = new OpenPositions(storage)) {
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () -> assertThat(failure(storage.findAll()).kind()).isEqualTo(Kind.UNKNOWN_TOPIC));
      assertThat(failure(open.storage().check())).hasMessage("Cassandra has no keyspace unread");
    }
  }

  @Test
  void callsPastTheBound_areRefusedAtOnce() {
    try (var storage =
        OpenPositions.open(
            new CassandraPositionsStorageFactory(),
            settings("bound").with("maxPendingCalls", "5"))) {
      storage.untilConnected();
      server.pause();
      try {
        for (int i = 0; i < 5; i++) {
          var unused = storage.storage().store(ID, i);
        }
        assertThat(failure(storage.storage().store(ID, 5)).kind()).isEqualTo(Kind.EXHAUSTED);
      } finally {
        server.resume();
      }
      storage.untilConnected();
    }
  }

  @Test
  void closedStorage_saysSoAndLeavesNoThread() {
    var storage =
        OpenPositions.open(new CassandraPositionsStorageFactory(), settings("closed"))
            .untilConnected();
    storage.store("topic", "group", 0, 5);
    storage.close();
    assertThat(failure(storage.storage().store(ID, 1)).kind()).isEqualTo(Kind.CLOSED);
    assertThat(failure(storage.storage().findAll()).kind()).isEqualTo(Kind.CLOSED);
    storage.close();
    await()
        .atMost(OpenPositions.PATIENCE)
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("liiklus-")));
  }

  @Test
  void slowServer_isWaitedFor() {
    var relay = TcpRelay.start(server.host(), server.port());
    var settings =
        settings("slow")
            .with("contactPoints", relay.host() + ":" + relay.port())
            .with("callTimeout", "15s");
    try (var storage =
            OpenPositions.open(new CassandraPositionsStorageFactory(), settings).untilConnected();
        relay) {
      relay.delay(Duration.ofMillis(500));
      storage.store("topic", "group", 0, 5);
      assertThat(answer(storage.storage().find("topic", ID.group()))).isEqualTo(Map.of(0, 5L));
    }
  }
}
