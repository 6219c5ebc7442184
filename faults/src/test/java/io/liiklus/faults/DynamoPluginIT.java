package io.liiklus.faults;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.liiklus.faults.deployment.DynamoPositions;
import io.liiklus.faults.deployment.Release;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.SharedDynamoDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on positions of a release that has the plugin of AWS in {@code plugins/}. */
class DynamoPluginIT {

  private static final long PATIENCE_SECONDS = 120;

  private static final String LINES =
      """
      {"format":"liiklus-positions","version":1}
      {"topic":"orders","group":"billing","version":0,"positions":{"0":41,"7":-1}}
      {"topic":"orders","group":"billing","version":3,"positions":{"0":5}}
      """;

  private final String table = "t-" + UUID.randomUUID();
  private Release release;

  @TempDir private Path folder;

  /** Output and exit code of a command. */
  private record Run(int exitCode, String out, String err) {}

  @BeforeEach
  void laysOut() throws IOException {
    assumeTrue(DynamoDbServer.isAvailable());
    release = Release.layOut();
    var plugins = Files.createDirectories(release.folder().resolve("plugins"));
    Files.createSymbolicLink(plugins.resolve("liiklus-aws.jar"), DynamoPositions.jar());
  }

  private String settings(String name) throws IOException {
    var file = folder.resolve(name + ".conf");
    var text =
        """
        dynamodb {
          endpoint = "%s", region = us-east-1, autoCreateTable = true, callTimeout = 20s
          positionsTable = "%s-%s"
        }
        """
            .formatted(SharedDynamoDb.server().endpoint(), table, name);
    return Files.writeString(file, text).toString();
  }

  private Run run(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(release.script().toString(), "positions"));
    command.addAll(List.of(arguments));
    var out = folder.resolve("out");
    var err = folder.resolve("err");
    var builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().putAll(DynamoPositions.CREDENTIALS);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    var process = builder.start();
    try {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  @Test
  void positions_areImportedCopiedAndExported() throws Exception {
    var file = Files.writeString(folder.resolve("positions.jsonl"), LINES).toString();
    var first = settings("first");
    var second = settings("second");

    var unmade = run("export", "--config", first, "--from", "DYNAMODB");
    assertThat(unmade.err()).contains("there is no table " + table + "-first in DynamoDB yet");

    var imported = run("import", "--config", first, "--to", "DYNAMODB", file);
    assertThat(imported.err()).startsWith("liiklus: wrote 3 positions to DYNAMODB: 3 new");
    assertThat(imported.exitCode()).isZero();

    var copied =
        run(
            "copy",
            "--from",
            "DYNAMODB",
            "--to",
            "dynamodb",
            "--from-config",
            first,
            "--to-config",
            second);
    assertThat(copied.err())
        .startsWith("liiklus: wrote 3 positions to the target (DYNAMODB ")
        .contains(table + "-second): 3 new");
    assertThat(copied.exitCode()).isZero();

    // The table configures the storage.
    var exported = run("export", "--config", second);
    assertThat(exported.out()).isEqualTo(LINES);
    // Nothing of a plugin runs on when its jar is closed.
    assertThat(exported.err())
        .isEqualTo("liiklus: exported 3 positions of 2 group versions from DYNAMODB\n");
    assertThat(exported.exitCode()).isZero();
  }
}
