package io.liiklus.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.server.gateway.UnpackedRelease;
import io.liiklus.server.gateway.UnpackedRelease.Run;
import io.liiklus.testing.CassandraServer;
import io.liiklus.testing.SharedCassandra;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The plugin of a release, enabled, with a real Cassandra; in the profile servers alone. */
class CassandraPositionsCommandIT {

  private static final String POSITIONS =
      """
      {"format":"liiklus-positions","version":1}
      {"topic":"orders","group":"billing","version":0,"positions":{"0":41,"1":-1}}
      {"topic":"orders","group":"billing","version":3,"positions":{"7":5}}
      """;

  @TempDir private Path folder;
  private UnpackedRelease release;

  @BeforeEach
  void unpack() throws Exception {
    var obstacle = CassandraServer.obstacle();
    assumeTrue(obstacle.isEmpty(), () -> obstacle.orElseThrow());
    release = UnpackedRelease.in(folder);
    var available = Files.createDirectories(release.home().resolve("plugins/available"));
    Files.copy(
        Path.of("../positions-cassandra/target/liiklus-cassandra.jar"),
        available.resolve("liiklus-cassandra.jar"));
    assertThat(run("plugins", "enable", "cassandra").exitCode()).isZero();
  }

  private Run run(String... arguments) throws Exception {
    return release.run(release.script(), Map.of(), arguments);
  }

  private String settings(String keyspace) throws Exception {
    return Files.writeString(
            folder.resolve(keyspace + ".conf"),
            """
            kafka.bootstrapServers = "127.0.0.1:9092"
            cassandra {
              contactPoints = "%s", keyspace = %s
              createKeyspace = true, replication = 1, callTimeout = 15 s
            }
            """
                .formatted(SharedCassandra.server().contactPoint(), keyspace),
            UTF_8)
        .toString();
  }

  @Test
  void importedPositions_areExportedAndCopied() throws Exception {
    var file = Files.writeString(folder.resolve("positions.jsonl"), POSITIONS).toString();
    var first = settings("first");
    var second = settings("second");

    var imported = run("positions", "import", "--to=CASSANDRA", "--config=" + first, file);
    assertThat(imported.err()).contains("3").doesNotContain("WARN", "SLF4J");
    assertThat(imported.exitCode()).isZero();

    var exported = run("positions", "export", "--config=" + first);
    assertThat(exported.out()).isEqualTo(POSITIONS);

    var copied =
        run(
            "positions",
            "copy",
            "--from=CASSANDRA",
            "--from-config=" + first,
            "--to=CASSANDRA",
            "--to-config=" + second);
    assertThat(copied.exitCode()).isZero();
    assertThat(run("positions", "export", "--config=" + second).out()).isEqualTo(POSITIONS);
  }

  @Test
  void exportOfAMissingKeyspace_saysSoAndMakesNone() throws Exception {
    var missing = settings("missing");

    for (int i = 0; i < 2; i++) {
      var exported = run("positions", "export", "--config=" + missing);
      assertThat(exported.err()).contains("CASSANDRA: Cassandra has no keyspace missing");
      assertThat(exported.exitCode()).isEqualTo(1);
    }
  }
}
