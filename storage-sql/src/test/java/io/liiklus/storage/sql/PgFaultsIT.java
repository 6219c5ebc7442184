package io.liiklus.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server that is away, hangs or is slow. */
class PgFaultsIT {

  private static final PositionId POSITION = new PositionId("topic", new GroupId("group", 0), 0);

  private final PgDatabase database = new PgDatabase();
  private final TcpRelay relay = database.relay();
  private final Gateway gateway =
      Gateway.open(
          database
              .settings(relay)
              .with("connectTimeout", "500 ms")
              .with("statementTimeout", "1 s"));

  @AfterEach
  void close() {
    relay.letGo();
    relay.restore();
    gateway.close();
    relay.close();
  }

  @Test
  void recordsWhileTheServerIsAway_areStoredInOrderWhenItIsBack() {
    Gateway.get(gateway.publish("topic", "before"));
    relay.cut();
    var sent = new ArrayList<CompletionStage<PublishedRecord>>();
    for (int i = 0; i < 20; i++) {
      sent.add(gateway.publish("topic", Integer.toString(i)));
    }
    var failure = Gateway.failure(gateway.positions.store(POSITION, 1));
    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Gateway.failure(gateway.positions.findAll()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Gateway.failure(gateway.records.check()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(sent).noneMatch(stage -> stage.toCompletableFuture().isDone());

    relay.restore();

    var offsets = sent.stream().map(stage -> Gateway.get(stage).offset()).toList();
    assertThat(offsets).isEqualTo(range(1, 21));
    assertThat(Gateway.get(gateway.positions.store(POSITION, 1))).isNull();
  }

  @Test
  void serverThatWasNeverThere_isFoundWhenItComes() {
    relay.cut();
    var fresh = new PgDatabase();
    try (var late = fresh.relay()) {
      late.cut();
      try (var started = Gateway.open(fresh.settings(late).with("connectTimeout", "500 ms"))) {
        var published = started.publish("topic", "value");
        var failure =
            Gateway.failure(started.publish("topic", "impatient", Duration.ofMillis(300)));
        assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(failure.isNotStored()).isTrue();
        late.restore();
        assertThat(Gateway.get(published).offset()).isZero();
      }
    }
  }

  @Test
  void hungServer_isUnavailableWithinThePatienceAndAnswersLater() {
    Gateway.get(gateway.publish("topic", "before"));
    Gateway.get(gateway.positions.store(POSITION, 1));
    relay.hold();
    long begunNs = System.nanoTime();
    var begun = gateway.publish("topic", "unknown", Duration.ofMillis(700));
    assertThat(Gateway.failure(begun).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(sinceNs(begunNs)).isLessThan(Duration.ofSeconds(2));
    assertThat(Gateway.failure(gateway.positions.store(POSITION, 2)).kind())
        .isEqualTo(Kind.UNAVAILABLE);
    assertThat(Gateway.failure(gateway.positions.findAll()).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(sinceNs(begunNs)).isLessThan(Duration.ofSeconds(8));

    relay.letGo();

    var after = Gateway.get(gateway.publish("topic", "after"));
    assertThat(after.offset()).isBetween(1L, 2L);
    assertThat(Gateway.get(gateway.positions.store(POSITION, 3))).isNull();
  }

  @Test
  void statementThatTakesTooLong_isGivenUpAndTriedAgain() throws Exception {
    Gateway.get(gateway.publish("topic", "before"));
    try (var other = database.connect();
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.executeUpdate("update liiklus_log set bytes = bytes");
      var failure = Gateway.failure(gateway.publish("topic", "late", Duration.ofMillis(700)));
      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      var patient = gateway.publish("topic", "patient");
      Awaitility.await()
          .until(() -> database.ask("select 1 from pg_locks where not granted").equals("1"));
      other.rollback();
      assertThat(Gateway.get(patient).offset()).isBetween(1L, 2L);
    }
  }

  @Test
  void recordsOfAnotherGateway_areReadAtTheEndByThePoll() {
    try (var other = Gateway.open(database.settings("other"))) {
      var listener = new RecordingListener();
      var reader = gateway.read("topic", "group", listener);
      assertThat(Gateway.values(reader, 1)).hasSize(1);
      for (int i = 0; i < 20; i++) {
        var open = reader.read();
        assertThat(open.toCompletableFuture()).isNotDone();
        long begunNs = System.nanoTime();
        Gateway.get(other.publish("topic", Integer.toString(i)));
        assertThat(Gateway.get(open).size()).isEqualTo(1);
        assertThat(sinceNs(begunNs)).isLessThan(Duration.ofSeconds(2));
      }
    }
  }

  @Test
  void gatewaysThatPublishToOnePartition_leaveNoGap() {
    try (var other = Gateway.open(database.settings("other"))) {
      var sent = new ArrayList<CompletionStage<PublishedRecord>>();
      for (int i = 0; i < 500; i++) {
        sent.add(gateway.publish("topic", "here"));
        sent.add(other.publish("topic", "there"));
      }
      var offsets = sent.stream().map(stage -> Gateway.get(stage).offset()).sorted().toList();
      assertThat(offsets).isEqualTo(range(0, 1000));
    }
  }

  private static Duration sinceNs(long begunNs) {
    return Duration.ofNanos(System.nanoTime() - begunNs);
  }

  private static List<Long> range(int from, int end) {
    return IntStream.range(from, end).mapToObj(number -> (long) number).toList();
  }
}
