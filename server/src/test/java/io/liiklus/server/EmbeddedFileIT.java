package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.liiklus.server.gateway.GatewayProcess;
import io.liiklus.server.gateway.UnpackedRelease;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer gets: a gateway without settings, and what stops its start. */
class EmbeddedFileIT {

  @TempDir private Path folder;
  private UnpackedRelease release;
  private Path database;

  @BeforeEach
  void unpack() throws Exception {
    release = UnpackedRelease.in(folder);
    database = release.home().toRealPath().resolve("data/liiklus.db");
  }

  @Test
  void killedGateway_goesOnWhereItWas() throws Exception {
    try (var gateway = gateway(Map.of()).start()) {
      assertThat(gateway.log())
          .containsPattern(
              ": database open, file=\\Q%s\\E size=\\d+ retention.time=none retention.bytes=none\n"
                  .formatted(database));
      var published = client(gateway, "publish", "greetings", "--key=en", "hello");
      assertThat(published.exitCode()).isZero();
      gateway.kill();

      gateway.start();
      var received = client(gateway, "receive", "greetings", "--group=g", "--count=1");
      assertThat(received.out()).endsWith("\ten\thello\n");
      gateway.kill();

      gateway.start();
      client(gateway, "publish", "greetings", "--key=en", "again");
      var next = client(gateway, "receive", "greetings", "--group=g", "--count=1");
      assertThat(next.out()).endsWith("\ten\tagain\n");
    }
  }

  @Test
  void folderThatCannotBeMade_isNamed() throws Exception {
    requireRefusal(Map.of("LIIKLUS_DATA", "/proc/none"), "/proc/none/liiklus.db");
  }

  @Test
  void fileInThePlaceOfTheFolder_isNamed() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "is kept");

    requireRefusal(Map.of("LIIKLUS_DATA", file.toString()), file + "/liiklus.db");

    assertThat(file).content().isEqualTo("is kept");
  }

  @Test
  void folderThatCannotBeWritten_isNamed() throws Exception {
    var closed =
        Files.createDirectory(
            folder.resolve("closed"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
    // Root may write everywhere.
    assumeThat(Files.isWritable(closed)).isFalse();

    requireRefusal(Map.of("LIIKLUS_DATA", closed.toString()), closed + "/liiklus.db", "user ");
  }

  @Test
  void platformWithoutALibrary_isNamed() throws Exception {
    requireRefusal(
        Map.of("JAVA_OPTS", "-Dos.arch=sparc"),
        "SQLite's library cannot be loaded on",
        "sparc",
        "set sql.nativeDir");
  }

  @Test
  void secondGateway_isRefused() throws Exception {
    try (var first = gateway(Map.of()).start()) {
      requireRefusal(Map.of(), database.toString(), "process " + first.pid());

      assertThat(client(first, "publish", "greetings", "hello").exitCode()).isZero();
    }
  }

  @Test
  void positionsCommand_isRefusedWhileAGatewayRuns() throws Exception {
    try (var gateway = gateway(Map.of()).start()) {
      var refused = release.run(release.script(), Map.of(), "positions", "export");

      assertThat(refused.err())
          .contains(database.toString(), "process " + gateway.pid())
          .doesNotContain("\tat ");
      assertThat(refused.exitCode()).isNotZero();
    }
  }

  @Test
  void fileOfANewerLiiklus_isRefusedAndLeftAlone() throws Exception {
    makeFile();
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.executeUpdate("update liiklus_meta set value = 99 where name = 'format'");
      statement.executeQuery("pragma wal_checkpoint(truncate)").close();
    }
    var before = Files.readAllBytes(database);

    requireRefusal(Map.of(), database.toString(), "format 99");

    assertThat(database).hasBinaryContent(before);
  }

  @Test
  void fileThatIsNoDatabase_isRefusedAndLeftAlone() throws Exception {
    Files.createDirectories(database.getParent());
    Files.writeString(database, "somebody's notes\n".repeat(500));

    requireRefusal(Map.of(), database.toString(), "is no SQLite database");

    assertThat(database).content().isEqualTo("somebody's notes\n".repeat(500));
  }

  @Test
  void damagedFile_isRefusedAndLeftAlone() throws Exception {
    makeFile();
    var bytes = Files.readAllBytes(database);
    for (int i = 100; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31);
    }
    Files.write(database, bytes);

    requireRefusal(Map.of(), database.toString(), "backup");

    assertThat(database).hasBinaryContent(bytes);
  }

  /** With one record, and closed in order. */
  private void makeFile() throws Exception {
    try (var gateway = gateway(Map.of()).start()) {
      client(gateway, "publish", "greetings", "hello");
      ProcessHandle.of(gateway.pid()).orElseThrow().destroy();
      assertThat(gateway.finish().exitCode()).isEqualTo(143);
    }
    assertThat(database).isNotEmptyFile();
  }

  private GatewayProcess gateway(Map<String, String> environment) {
    return new GatewayProcess(release, environment);
  }

  private UnpackedRelease.Run client(GatewayProcess gateway, String... arguments) throws Exception {
    var all = new ArrayList<>(List.of(arguments));
    all.add(gateway.address());
    return release.run(release.script(), Map.of(), all.toArray(String[]::new));
  }

  /** One line that says it, and no stack trace. */
  private void requireRefusal(Map<String, String> environment, String... words) throws Exception {
    try (var gateway = gateway(environment)) {
      gateway.launch(release.script());
      var run = gateway.finish();

      assertThat(run.exitCode()).isEqualTo(1);
      assertThat(run.out().lines().filter(line -> line.contains(" ERROR ")))
          .singleElement()
          .asString()
          .contains("cannot start: ")
          .contains(words);
      assertThat(run.out() + run.err()).doesNotContain("\tat ");
    }
  }
}
