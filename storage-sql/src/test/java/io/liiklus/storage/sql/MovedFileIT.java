package io.liiklus.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.GroupId;
import io.liiklus.api.LoggedLines;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The file of SQLite that is moved or removed while a gateway has it open. */
class MovedFileIT {

  /** Longer than it takes until it is seen. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final PositionId POSITION = new PositionId("topic", new GroupId("group", 0), 0);

  private final Path folder = TestSettings.newFolder();
  private final Path file = folder.resolve("data/gateway.db");
  private final MapSettings settings =
      TestSettings.of("jdbc:sqlite:" + file).with("partitions", "1");

  /** Records that were answered OK. */
  private final AtomicInteger answered = new AtomicInteger();

  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  @Test
  void movedFile_takesNothingMoreAndHasWhatWasAnswered() throws Exception {
    var moved = folder.resolve("moved");
    Process other = null;
    try (var gateway = Gateway.open(settings);
        var lines = LoggedLines.of("io.liiklus.storage.sql.database.OpenedFiles")) {
      var publisher = new Thread(() -> publishUntilItFails(gateway), "publisher");
      publisher.start();
      await().atMost(PATIENCE).until(() -> answered.get() > 100);
      Files.move(file.getParent(), moved);
      other = start(OtherGateway.class);
      // Behind what it logs.
      assertThat(other.inputReader().lines().anyMatch("published"::equals)).isTrue();
      publisher.join(PATIENCE.toMillis());

      assertThat(failure.get()).hasMessageContaining("was moved, removed or replaced");
      var later =
          List.of(
              gateway.publish("topic", "late"),
              gateway.publish("another", "late"),
              gateway.positions.store(POSITION, 1),
              gateway.records.check(),
              gateway.positions.check());
      for (var refused : later) {
        var reason = Gateway.failure(refused);
        assertThat(reason.kind()).isEqualTo(Kind.UNAVAILABLE);
        assertThat(reason).hasMessageContaining("until the gateway is restarted");
      }
      assertThat(lines.warnings())
          .singleElement()
          .asString()
          .contains("file=" + file, "gateway.db, gateway.db-wal, gateway.db.lock");
    } finally {
      end(other);
    }
    // The gateway that has ended touched nothing of the one that began there since.
    assertThat(records(file)).isEqualTo(2);
    assertThat(records(moved.resolve("gateway.db"))).isGreaterThanOrEqualTo(answered.get());
    assertThat(positions(moved.resolve("gateway.db"))).isZero();
  }

  @Test
  void removedFile_canBeSavedFromTheProcess() throws Exception {
    var descriptors = Path.of("/proc/self/fd");
    assumeThat(descriptors).isDirectory();
    var saved = Files.createDirectory(folder.resolve("saved"));
    try (var gateway = Gateway.open(settings)) {
      Gateway.get(gateway.publish("topic", "before"));
      for (var name : List.of("gateway.db", "gateway.db-wal", "gateway.db-shm")) {
        Files.delete(file.resolveSibling(name));
      }
      Gateway.get(gateway.publish("topic", "after"));

      try (var all = Files.list(descriptors)) {
        for (var descriptor : all.filter(MovedFileIT::isRemoved).toList()) {
          var name = Files.readSymbolicLink(descriptor).getFileName().toString();
          Files.copy(
              descriptor,
              saved.resolve(name.replace(" (deleted)", "")),
              StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
    assertThat(records(saved.resolve("gateway.db"))).isEqualTo(2);
  }

  private static boolean isRemoved(Path descriptor) {
    try {
      var target = Files.readSymbolicLink(descriptor).toString();
      return target.contains("gateway.db") && target.endsWith(" (deleted)");
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  private void publishUntilItFails(Gateway gateway) {
    try {
      while (true) {
        Gateway.get(gateway.publish("topic", "value"));
        answered.incrementAndGet();
      }
    } catch (CompletionException refused) {
      failure.set(refused.getCause());
    }
  }

  private Process start(Class<?> main) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            main.getName(),
            file.toString())
        .redirectErrorStream(true)
        .start();
  }

  private static void end(Process other) throws Exception {
    if (other == null) {
      return;
    }
    try {
      other.outputWriter().write("\n");
      other.outputWriter().flush();
      assertThat(other.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    } finally {
      other.destroyForcibly();
    }
  }

  private static long records(Path database) throws SQLException {
    return count(database, "liiklus_record");
  }

  private static long positions(Path database) throws SQLException {
    return count(database, "liiklus_position");
  }

  private static long count(Path database, String table) throws SQLException {
    try (var opened = Sqlite.open(database)) {
      return opened.ask("select count(*) from " + table);
    }
  }
}
