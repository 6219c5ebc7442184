package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.cli.LiiklusCli;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsCommand;
import io.liiklus.cli.positions.PositionsStorages.Opened;
import io.liiklus.cli.positions.PositionsStorages.Source;
import io.liiklus.cli.positions.StorageRole;
import io.liiklus.launcher.ConfiguredPositions;
import io.liiklus.server.gateway.UnpackedRelease;
import io.liiklus.testing.SharedRedis;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Positions that are taken out of Redis and into it, by the gateway's own settings. */
class PositionsCommandIT {

  private static final List<GroupPositions> STORED =
      List.of(
          new GroupPositions("orders", new GroupId("billing", 0), Map.of(0, 41L, 7, -1L)),
          new GroupPositions("orders", new GroupId("billing", 3), Map.of(0, 5L)),
          new GroupPositions("orders", new GroupId("x", 2), Map.of(0, Long.MAX_VALUE - 1)),
          new GroupPositions("orders", new GroupId("y-v2", 1), Map.of(0, 1L)),
          new GroupPositions("other", new GroupId("группа:ε 組-😀", 0), Map.of(2, 9L)));

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Map<String, String> environment = Map.of();

  @TempDir private Path folder;
  private Path first;
  private Path second;

  @BeforeEach
  void nameStorages() throws IOException {
    first = settings("first");
    second = settings("second");
  }

  /** A file of settings for a prefix that no other test has. */
  private Path settings(String name) throws IOException {
    var redis = SharedRedis.server();
    return Files.writeString(
        folder.resolve(name + ".conf"),
        """
        redis { host = "%s", port = %d, positionsProperties.prefix = "%s:" }
        """
            .formatted(redis.host(), redis.port(), name + "-" + UUID.randomUUID()));
  }

  @Test
  void exportedPositions_areImportedTheSame() throws Exception {
    store(first, STORED);
    var file = folder.resolve("positions.jsonl").toString();

    assertThat(run("export", "--config", first.toString(), "--output", file)).isZero();
    assertThat(run("import", "--config", second.toString(), "--to", "redis", file)).isZero();

    assertThat(err()).startsWith("liiklus: wrote 6 positions to REDIS: 6 new, 0 forward, 0 back,");
    assertThat(all(second)).isEqualTo(Set.copyOf(STORED));
    assertThat(Files.readString(Path.of(file)))
        .contains("{\"topic\":\"orders\",\"group\":\"x\",\"version\":2,\"positions\":")
        .contains("{\"topic\":\"orders\",\"group\":\"y-v2\",\"version\":1,\"positions\":")
        .contains("{\"topic\":\"other\",\"group\":\"группа:ε 組-");
  }

  @Test
  void copyBetweenTwoPrefixes_isWholeAndCanBeRepeated() throws Exception {
    store(first, STORED);
    // The environment is stronger than files, and stands for one storage at the most.
    environment = Map.of("REDIS_HOST", "nowhere.invalid", "REDIS_PORT", "1");

    assertThat(copy()).isZero();
    assertThat(all(second)).isEqualTo(Set.copyOf(STORED));
    assertThat(copy()).isZero();

    assertThat(err())
        .startsWith("liiklus: wrote 0 positions to the target (REDIS ")
        .contains("): 0 new, 0 forward, 0 back, 6");
  }

  @Test
  void fileOfOneStorage_takesVariablesByName() throws Exception {
    store(first, STORED.subList(0, 1));
    environment = Map.of("TO_PREFIX", "named-" + UUID.randomUUID() + ":");
    Files.writeString(
        second,
        Files.readString(second).replaceAll("prefix = \"[^\"]*\"", "prefix = \\${TO_PREFIX}"));

    assertThat(copy()).isZero();

    assertThat(all(second)).isEqualTo(Set.copyOf(STORED.subList(0, 1)));
  }

  @Test
  void dryRun_printsTheDifferenceAndWritesNothing() throws Exception {
    store(first, STORED);
    var there =
        List.of(
            new GroupPositions("orders", new GroupId("billing", 0), Map.of(0, 99L, 7, -1L)),
            new GroupPositions("orders", new GroupId("billing", 3), Map.of(0, 4L, 1, 2L)));
    store(second, there);

    assertThat(copy("--dry-run", "--topic", "orders", "--group", "b*")).isZero();

    assertThat(out())
        .isEqualTo(
            """
            back	orders	billing	0	0	99	41
            forward	orders	billing	3	0	4	5
            only there	orders	billing	3	1	2	kept
            """);
    assertThat(all(second)).isEqualTo(Set.copyOf(there));
    assertThat(copy("--group", "billing")).isEqualTo(1);
    assertThat(err()).contains("would go back").contains("partition 0 from 99 to 41");
    assertThat(all(second)).isEqualTo(Set.copyOf(there));
    assertThat(copy("--group", "billing-v3")).isZero();
    assertThat(copy("--overwrite")).isZero();
    assertThat(all(second))
        .containsAll(STORED.subList(2, 5))
        .contains(STORED.get(0))
        .contains(new GroupPositions("orders", new GroupId("billing", 3), Map.of(0, 5L, 1, 2L)));
  }

  @Test
  void badLine_isNamedAndNothingIsWritten() throws Exception {
    var file =
        Files.writeString(
            folder.resolve("bad.jsonl"),
            """
            {"format":"liiklus-positions","version":1}
            {"topic":"orders","group":"billing","version":0,"positions":{"0":41}}
            {"topic":"orders","group":"billing","version":1,"positions":{"0":4.1}}
            """);

    assertThat(run("import", "--config", second.toString(), "--to", "REDIS", file.toString()))
        .isEqualTo(1);

    assertThat(err())
        .contains(": positions.0: 4.1 is not allowed; an offset, a whole number from -1")
        .startsWith("liiklus: line 3 of " + file);
    assertThat(all(second)).isEmpty();
  }

  @Test
  void settingsThatNameNoSharedStorage_areRefused() {
    assertThat(run("export", "--config", first.toString(), "--from", "NONE")).isEqualTo(2);
    assertThat(err()).contains("there is no storage NONE; known are ").contains("REDIS");

    assertThat(run("export", "--config", first.toString(), "--from", "memory")).isEqualTo(2);
    assertThat(err()).contains("positions in MEMORY are those of one gateway's process");

    assertThat(run("export", "--config", folder.resolve("none").toString())).isEqualTo(2);
    assertThat(err()).contains("there is no file ").hasLineCount(1);
  }

  @Test
  void startScript_printsNothingButThePositions() throws Exception {
    store(first, STORED.subList(0, 1));
    var release = UnpackedRelease.in(folder);
    var properties =
        Map.of(
            "JAVA_OPTS",
            "-Xmx1g -Dconfig.file=" + first + " -Dcom.sun.management.jmxremote.port=1 -Da=*");

    var run = release.run(release.script(), properties, "positions", "export");

    assertThat(run.out())
        .isEqualTo(
            """
            {"format":"liiklus-positions","version":1}
            {"topic":"orders","group":"billing","version":0,"positions":{"0":41,"7":-1}}
            """);
    assertThat(run.err())
        .isEqualTo("liiklus: exported 2 positions of 1 group versions from REDIS\n");
    assertThat(run.exitCode()).isZero();
  }

  private int copy(String... options) {
    var arguments =
        new String[] {
          "copy",
          "--from",
          "REDIS",
          "--to",
          "REDIS",
          "--from-config",
          first.toString(),
          "--to-config",
          second.toString()
        };
    var all = new String[arguments.length + options.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(options, 0, all, arguments.length, options.length);
    return run(all);
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    var terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new CompletableFuture<>());
    var all = new String[arguments.length + 1];
    all[0] = "positions";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return LiiklusCli.run(all, terminal, List.of(PositionsCommand.of(terminal, storages())));
  }

  private ConfiguredPositions storages() {
    return new ConfiguredPositions(environment, Map.of("liiklus.home", "target/no-such-folder"));
  }

  private void store(Path config, List<GroupPositions> positions) throws Exception {
    try (var opened = opened(config)) {
      for (var each : positions) {
        opened.storage().store(each).toCompletableFuture().get(10, TimeUnit.SECONDS);
      }
    }
  }

  private Set<GroupPositions> all(Path config) throws Exception {
    try (var opened = opened(config)) {
      return new HashSet<>(
          opened.storage().findAll().toCompletableFuture().get(10, TimeUnit.SECONDS));
    }
  }

  /** Connected. */
  private Opened opened(Path config) {
    var opened =
        storages()
            .open(
                new Source(
                    StorageRole.EXPORTED,
                    Optional.empty(),
                    Optional.of(config.toString()),
                    true,
                    false));
    Awaitility.await()
        .until(
            () -> {
              var check = opened.storage().findAll().toCompletableFuture();
              return check.handle((answer, failure) -> failure == null).get(10, TimeUnit.SECONDS);
            });
    return opened;
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
