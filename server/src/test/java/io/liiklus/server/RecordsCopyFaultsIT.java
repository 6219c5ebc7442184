package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.RecordsCopy;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies of records that are killed, or whose storages do not answer. */
class RecordsCopyFaultsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Longer than it takes a source with gaps to be at its end. */
  private static final Duration QUIET = Duration.ofSeconds(12);

  @TempDir private Path folder;
  private RecordsCopy copy;

  @BeforeEach
  void nameTheSource() throws IOException {
    copy = new RecordsCopy(folder);
  }

  @Test
  void copyThatIsKilledAfterASave_goesOnBehindIt() throws Exception {
    copy.source().fill(0, 600);
    copy.source().store("billing", 0, Map.of(0, 150L));
    var postgres = copy.postgres();
    copy.in("SQL", postgres.settings()).fill(0, 0);
    try (var other = connect(postgres.name());
        var statement = other.createStatement()) {
      // The last partition is not copied, and the others are.
      other.setAutoCommit(false);
      statement.execute("select id from liiklus_log where part = 2 for update");
      var process = copy.launch("SQL", postgres.settings());
      try {
        await().atMost(PATIENCE).until(() -> !process.isAlive() || areTheOthersSaved());
        assertThat(process.isAlive()).as(Files.readString(folder.resolve("copy.log"))).isTrue();
      } finally {
        process.destroyForcibly();
      }
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      other.rollback();
    }

    assertThat(copy.run("SQL", postgres.settings())).as(copy.err()).isZero();

    var source = copy.source().all();
    var target = copy.in("SQL", postgres.settings()).all();
    // Of what was saved nothing comes again.
    assertThat(target.get(0)).isEqualTo(source.get(0));
    assertThat(target.get(1)).isEqualTo(source.get(1));
    assertThat(withoutRepeats(target.get(2))).isEqualTo(source.get(2));
    assertThat(copy.in("SQL", postgres.settings()).positions("billing", 0))
        .isEqualTo(Map.of(0, 150L));
  }

  /** Of 600 records each fourth is in partition 1, and each second one in 0. */
  private boolean areTheOthersSaved() throws IOException {
    return Files.exists(copy.progress())
        && Files.readString(copy.progress()).contains("next\t0\t300\n")
        && Files.readString(copy.progress()).contains("next\t1\t150\n");
  }

  /** Where records come again, they do so from one of them on, in the same order. */
  private static List<String> withoutRepeats(List<String> records) {
    return List.copyOf(new LinkedHashSet<>(records));
  }

  private static Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        SharedPostgres.server().url(database), PostgresServer.USER, PostgresServer.PASSWORD);
  }

  @Test
  void targetThatWasEmptiedSince_isRefused() throws Exception {
    copy.source().fill(0, 20);
    var kafka = copy.kafka(SharedKafka.cluster().bootstrapServers());
    assertThat(copy.run("KAFKA", kafka)).as(copy.err()).isZero();
    SharedKafka.cluster().deleteTopic(copy.topic());

    assertThat(copy.run("KAFKA", kafka)).isEqualTo(1);

    assertThat(copy.err())
        .startsWith("liiklus: the target (KAFKA ")
        .contains("is not the one that an earlier copy left")
        .contains("delete " + copy.progress());
  }

  @Test
  void sourceThatHangs_isNotTakenForItsEnd() throws Exception {
    copy.source().fill(0, 30);
    var postgres = copy.postgres();
    assertThat(copy.run("SQL", postgres.settings())).as(copy.err()).isZero();
    copy.setFrom(postgres.settings());
    var back = copy.sqlite(folder.resolve("back.db"));
    try (var other = connect(postgres.name());
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("lock table liiklus_record in access exclusive mode");
      var run = CompletableFuture.supplyAsync(() -> copy.run("SQL", back));
      await().during(QUIET).atMost(PATIENCE).until(() -> !run.isDone());
      other.rollback();

      assertThat(run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(copy.err()).isZero();
    }
    assertThat(copy.in("SQL", back).all()).isEqualTo(copy.source().all());
  }

  @Test
  void targetThatIsAway_isNamedAndASignalEndsTheWait() throws Exception {
    copy.source().fill(0, 1);
    var kafka = copy.kafka("127.0.0.1:1");
    var run = CompletableFuture.supplyAsync(() -> copy.run("KAFKA", kafka));

    await()
        .atMost(PATIENCE)
        .until(() -> copy.err().contains("waiting: the target (KAFKA 127.0.0.1:1"));
    copy.interrupt();

    assertThat(run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(copy.err()).contains("at=127.0.0.1:1");
  }
}
