package io.liiklus.storage.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.PositionId;
import io.liiklus.api.RecordingListener;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.sql.database.DatabaseSettings;
import io.liiklus.storage.sql.records.RecordsSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;

/** The file of SQLite: what it outlives, and what refuses it by name. */
class SqliteFileIT {

  private static final StorageContext READ_ONLY =
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

  private final Path file = TestSettings.newFolder().resolve("of/gateway.db");
  private final MapSettings settings = TestSettings.of("jdbc:sqlite:" + file);

  @Test
  void recordsAndPositions_outliveTheProcess() throws Exception {
    var id = new PositionId("topic", new GroupId("group", 1), 2);
    long last;
    try (var gateway = Gateway.open(settings)) {
      Gateway.get(gateway.publish("topic", "first"));
      last = Gateway.get(gateway.publish("topic", "second")).offset();
      Gateway.get(gateway.positions.store(id, 7));
    }
    try (var gateway = Gateway.open(settings)) {
      assertThat(Gateway.get(gateway.positions.find("topic", id.group()))).isEqualTo(Map.of(2, 7L));
      var reader = gateway.read("topic", "another", new RecordingListener());
      assertThat(Gateway.values(reader, 3)).startsWith("first", "second");
      assertThat(Gateway.get(gateway.publish("topic", "third")).offset()).isEqualTo(last + 2);
    }
  }

  @Test
  void missingFile_isNotMadeToBeRead() throws Exception {
    try (var positions = new SqlPositionsStorageFactory().open(settings, READ_ONLY)) {
      var failure = Gateway.failure(positions.findAll());
      assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_TOPIC);
      assertThat(failure).hasMessage("sql.url: there is no file " + file);
    }
    assertThatThrownBy(() -> new SqlRecordsStorageFactory().open(settings, READ_ONLY))
        .hasMessage("sql.url: there is no file " + file);
    assertThat(file.getParent()).doesNotExist();

    Files.createDirectories(file.getParent());
    Files.createFile(file);
    try (var positions = new SqlPositionsStorageFactory().open(settings, READ_ONLY)) {
      assertThat(Gateway.failure(positions.findAll()))
          .hasMessageContaining(file + " has no tables whose names begin with liiklus_");
    }
  }

  @Test
  void fileThatIsThere_isReadByACommand() throws Exception {
    var id = new PositionId("topic", new GroupId("group", 1), 2);
    try (var gateway = Gateway.open(settings)) {
      Gateway.get(gateway.positions.store(id, 7));
    }
    try (var positions = new SqlPositionsStorageFactory().open(settings, READ_ONLY)) {
      assertThat(Gateway.get(positions.find("topic", id.group()))).isEqualTo(Map.of(2, 7L));
    }
  }

  @Test
  void startThatFailsBehindTheDatabase_unlocksTheFile() throws Exception {
    assertThatThrownBy(
            () ->
                SqlRecordsStorageFactory.start(
                    DatabaseSettings.read(settings),
                    RecordsSettings.read(settings),
                    (logs, records) -> {
                      throw new IllegalStateException("no more threads");
                    }))
        .hasMessage("no more threads");

    var beside = file.resolveSibling(file.getFileName() + ".lock");
    try (var channel = FileChannel.open(beside, StandardOpenOption.WRITE)) {
      // Fails where this process has it still.
      assertThat(channel.tryLock()).isNotNull();
    }
  }

  @Test
  void newFile_isDurableAndCanShrink() throws Exception {
    try (var gateway = Gateway.open(settings);
        var other = Sqlite.open(file)) {
      Gateway.get(gateway.publish("topic", "value"));
      assertThat(other.ask("pragma auto_vacuum")).isEqualTo(2);
      try (var topics = new Topics(settings)) {
        assertThat(first(topics, "pragma synchronous")).isEqualTo("2");
        assertThat(first(topics, "pragma journal_mode")).isEqualTo("wal");
      }
    }
  }

  private static String first(Topics topics, String sql) {
    return topics
        .database()
        .askNow(
            connection -> {
              try (var statement = connection.createStatement();
                  var found = statement.executeQuery(sql)) {
                found.next();
                return found.getString(1);
              }
            });
  }

  @Test
  void gatewaysThatAreGone_areNotWaitedFor() throws Exception {
    Gateway.open(settings).close();
    try (var other = Sqlite.open(file)) {
      other.run("insert into liiklus_coordination values ('n/of-a-killed-one', 1, x'00')");
    }
    try (var gateway = Gateway.open(settings)) {
      var store = gateway.positions.coordination().orElseThrow();
      assertThat(Gateway.get(store.read(Set.of("n/of-a-killed-one")))).isEmpty();
    }
  }

  @Test
  void embeddedFile_isBelowTheFolderOfTheRelease() {
    var home = TestSettings.newFolder();
    System.setProperty("liiklus.home", home.toString());
    try (var gateway = Gateway.open(TestSettings.of(""))) {
      Gateway.get(gateway.publish("topic", "value"));
    } finally {
      System.clearProperty("liiklus.home");
    }
    assertThat(home.resolve("data/liiklus.db")).isNotEmptyFile();
  }

  @Test
  void secondProcess_isRefusedByItsName() throws Exception {
    Files.createDirectories(file.getParent());
    var lock = file.resolveSibling("gateway.db.lock");
    var holder = start(LockHolder.class, lock);
    try {
      var line = holder.inputReader().readLine();
      assertThat(line).isEqualTo("locked");

      assertRefused(Kind.PRECONDITION)
          .hasMessageContaining("sql.url: " + file)
          .hasMessageContaining("in use by another process " + holder.pid());
    } finally {
      holder.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    try (var gateway = Gateway.open(settings)) {
      Gateway.get(gateway.publish("topic", "value"));
    }
  }

  @Test
  void platformWithoutALibrary_isNamedWithTheRemedy() throws Exception {
    var process = start(FileOpener.class, file, "-Dos.arch=sparc");
    var lines = process.inputReader().lines().toList();
    assertThat(lines)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("PRECONDITION SQLite's library cannot be loaded on")
                    .contains("sparc", "set sql.nativeDir", "or sql.url to a PostgreSQL server"));
  }

  @Test
  void folderThatCannotBeMade_isNamedWithTheRemedy() throws Exception {
    Files.createDirectories(file.getParent().getParent());
    Files.writeString(file.getParent(), "a file where the folder should be");
    assertRefused(Kind.PRECONDITION)
        .hasMessageContaining("sql.url: " + file + " cannot be used")
        .hasMessageContaining("jdbc:sqlite:FILE");
  }

  @Test
  void folderInPlaceOfTheFile_isNamed() throws Exception {
    Files.createDirectories(file);
    assertRefused(Kind.PRECONDITION).hasMessageContaining(file + " is a folder");
  }

  @Test
  void fileThatIsNoDatabase_isLeftAsItIs() throws Exception {
    Files.createDirectories(file.getParent());
    var content = "some text that somebody may need\n".repeat(1000);
    Files.writeString(file, content);
    assertRefused(Kind.DATA_LOSS)
        .hasMessageContaining(file + " is no SQLite database, or is damaged; nothing was changed");
    assertThat(file).hasContent(content);
  }

  @Test
  void newerFormat_isRefusedAndLeftAsItIs() throws Exception {
    try (var gateway = Gateway.open(settings)) {
      Gateway.get(gateway.publish("topic", "value"));
    }
    try (var other = Sqlite.open(file)) {
      other.run("update liiklus_meta set value = 99 where name = 'format'");
      other.run("insert into liiklus_coordination values ('row', 1, x'00')");
    }
    assertRefused(Kind.PRECONDITION)
        .hasMessageContaining("format 99")
        .hasMessageContaining("update liiklus");
    try (var other = Sqlite.open(file)) {
      assertThat(other.ask("select count(*) from liiklus_coordination")).isEqualTo(1);
    }
  }

  @Test
  void recordsInDamagedPages_areDataLossAndTheOthersAreRead() throws Exception {
    try (var gateway = Gateway.open(settings)) {
      for (int i = 0; i < 200; i++) {
        Gateway.get(gateway.publish("topic", "x".repeat(2000)));
      }
    }
    damage(file, Files.size(file) / 2, 64 << 10);
    try (var gateway = Gateway.open(settings)) {
      var listener = new RecordingListener();
      var reader = gateway.read("topic", "group", listener);
      var failure = readToFailure(reader);
      assertThat(failure.kind()).isEqualTo(Kind.DATA_LOSS);
      assertThat(failure.getMessage()).contains("SQLite").contains("backup");
      assertThat(failure.offset().orElseThrow()).isBetween(1L, 199L);
    }
  }

  private static StorageException readToFailure(PartitionReader reader) {
    for (int i = 0; i < 300; i++) {
      var read = reader.read();
      try {
        Gateway.get(read);
      } catch (CompletionException failed) {
        return StorageException.of(failed);
      }
    }
    throw new AssertionError("read all");
  }

  private static Process start(Class<?> main, Path argument, String... options) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), main.getName(), argument.toString()));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static void damage(Path file, long from, int bytes) throws Exception {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(bytes), from);
    }
  }

  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Kind kind) {
    return assertThatThrownBy(() -> Gateway.open(settings))
        .isInstanceOfSatisfying(
            StorageException.class, failure -> assertThat(failure.kind()).isEqualTo(kind));
  }
}
