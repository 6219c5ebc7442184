package io.liiklus.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.cli.LiiklusCli;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.records.RecordsCommand;
import io.liiklus.launcher.ConfiguredRecords;
import io.liiklus.launcher.Launcher;
import io.liiklus.server.gateway.CopiedTopic;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.PostgresServer;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.SharedPostgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records that are copied from the embedded file into servers, by the gateway's own settings. */
class RecordsCopyIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofSeconds(15);

  private final String topic = "copied-" + UUID.randomUUID();
  private final String positionsTopic = "positions-" + UUID.randomUUID();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Void> interruption = new CompletableFuture<>();

  @TempDir private Path folder;
  private Path database;
  private Path sqlite;

  /** Settings of the source. */
  private Path from;

  /** Database of the target, where that is PostgreSQL. */
  private String target;

  @BeforeEach
  void nameTheSource() throws IOException {
    database = folder.resolve("source.db");
    sqlite = settings("sqlite", "sql { url = \"jdbc:sqlite:%s\" }".formatted(database));
    from = sqlite;
  }

  @Test
  void copyIntoKafka_keepsRecordsAndTranslatesPositions() throws Exception {
    // Offsets of the source begin at 4, and those of the target at 0.
    source().fill(0, 60);
    remove(4);
    source().fill(60, 10);
    source().store("billing", 0, Map.of(0, 9L, 1, 2L, 2, 1000L));
    source().store("billing", 7, Map.of(0, 4L, 1, -1L));
    var kafka = kafka(SharedKafka.cluster().bootstrapServers());

    assertThat(copy("KAFKA", kafka)).as(err()).isZero();

    var source = source().all();
    assertThat(copied("KAFKA", kafka).all()).isEqualTo(source);
    assertThat(source.get(0).get(0)).contains("offset-4 ").contains(" h=00ff h=null h= ж=31");
    assertThat(copied("KAFKA", kafka).positions("billing", 0))
        .isEqualTo(Map.of(0, 5L, 1, -1L, 2, source.get(2).size() - 1L));
    assertThat(copied("KAFKA", kafka).positions("billing", 7)).isEqualTo(Map.of(0, 0L, 1, -1L));
    try (var gateway =
            Gateway.start(
                "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
                "--kafka.positions.topic=" + positionsTopic);
        var client = new GatewayClient(gateway.port());
        var subscription = client.subscribe(topic, "billing", 0)) {
      var assignments = GatewayClient.assignments(subscription);
      try (var receive = client.receive(assignments.get(0))) {
        receive.request(1);
        // The first that the group had not acknowledged in the source.
        assertThat(receive.next().getRecord().getOffset()).isEqualTo(6);
        assertThat(source.get(0).get(6)).contains("offset-10 ");
      }
    }
  }

  @Test
  void copyIntoPostgres_goesOnWithWhatWasPublishedSince() throws Exception {
    source().fill(0, 50);
    source().store("billing", 0, Map.of(0, 3L));
    var postgres = postgres();
    assertThat(copy("SQL", postgres, "--dry-run")).as(err()).isZero();
    assertThat(out()).isEqualTo(topic + "\t3\t50\tkeeps partitions, creates the topic\n");
    assertThat(copy("SQL", postgres)).as(err()).isZero();
    source().fill(50, 50);
    source().store("billing", 0, Map.of(0, 20L));

    assertThat(copy("SQL", postgres)).as(err()).isZero();

    assertThat(err()).contains("copied 50 records").contains("1 forward");
    assertThat(copied("SQL", postgres).all()).isEqualTo(source().all());
    assertThat(copied("SQL", postgres).positions("billing", 0)).isEqualTo(Map.of(0, 20L));
  }

  @Test
  void killedCopy_goesOnWithoutAGap() throws Exception {
    source().fill(0, 6_000);
    source().store("billing", 0, Map.of(0, 1_500L));
    var postgres = postgres();
    var process = launch(postgres);
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(PATIENCE)
        .until(() -> !process.isAlive() || hasRecords());
    process.destroyForcibly();
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

    // The members of the dead process have to be found dead.
    assertThat(copy("SQL", postgres)).as(err()).isZero();

    var source = source().all();
    var target = copied("SQL", postgres).all();
    source.forEach(
        (partition, records) -> {
          var there = target.get(partition);
          assertThat(withoutRepeats(there)).as("partition " + partition).isEqualTo(records);
        });
    long position = copied("SQL", postgres).positions("billing", 0).get(0);
    assertThat(target.get(0).get((int) position)).isEqualTo(source.get(0).get(1_500));
  }

  /** Where records come again, they do so from one of them on, in the same order. */
  private static List<String> withoutRepeats(List<String> records) {
    return List.copyOf(new LinkedHashSet<>(records));
  }

  /** Whether the target has some. The progress is first saved once its tables are there. */
  private boolean hasRecords() {
    return Files.exists(progress())
        && !"0".equals(SharedPostgres.server().ask(target, "select count(*) from liiklus_record"));
  }

  @Test
  void targetWithOtherPartitions_isWrittenByKey() throws Exception {
    source().fill(0, 40);
    source().store("billing", 0, Map.of(0, 3L));
    SharedKafka.cluster().createTopic(topic, 2);
    var kafka = kafka(SharedKafka.cluster().bootstrapServers());

    assertThat(copy("KAFKA", kafka)).as(err()).isZero();

    assertThat(err())
        .contains("positions are not translated: the target has 2 partitions and the source 3");
    var copied =
        copied("KAFKA", kafka).all().values().stream().flatMap(List::stream).sorted().toList();
    var source = source().all().values().stream().flatMap(List::stream).sorted().toList();
    assertThat(copied).isEqualTo(source);
    assertThat(copied("KAFKA", kafka).positions("billing", 0)).isEmpty();
  }

  @Test
  void targetThatWasEmptiedSince_isRefused() throws Exception {
    source().fill(0, 20);
    var kafka = kafka(SharedKafka.cluster().bootstrapServers());
    assertThat(copy("KAFKA", kafka)).as(err()).isZero();
    SharedKafka.cluster().deleteTopic(topic);

    assertThat(copy("KAFKA", kafka)).isEqualTo(1);

    assertThat(err()).contains("is not the one that an earlier copy left").contains("delete ");
  }

  @Test
  void wrongArguments_areNamedAndNothingIsMade() throws Exception {
    source().fill(0, 1);

    assertThat(copy("SQL", sqlite)).isEqualTo(2);
    assertThat(err()).contains("--from and --to name one storage");
    assertThat(copy("FOO", sqlite)).isEqualTo(2);
    assertThat(err()).contains("there is no storage FOO; known are KAFKA, MEMORY, SQL");
    assertThat(copy("MEMORY", sqlite)).isEqualTo(2);
    assertThat(err()).contains("are those of one gateway's process");
    assertThat(copy("SQL", postgres(), "--topic", "none")).isEqualTo(1);
    assertThat(err()).contains("SQL: there is no topic none");
    var missing = folder.resolve("missing.db");
    from = settings("missing", "sql { url = \"jdbc:sqlite:%s\" }".formatted(missing));
    assertThat(copy("SQL", postgres())).isEqualTo(1);
    assertThat(err()).isEqualTo("liiklus: sql.url: there is no file " + missing + "\n");
    assertThat(missing).doesNotExist();
  }

  @Test
  void sourceThatHangs_isNotTakenForItsEnd() throws Exception {
    source().fill(0, 30);
    var postgres = postgres();
    assertThat(copy("SQL", postgres)).as(err()).isZero();
    from = postgres;
    var back = settings("back", "sql.url = \"jdbc:sqlite:%s\"".formatted(folder.resolve("b.db")));
    var server = SharedPostgres.server().url(target);
    try (var other =
            DriverManager.getConnection(server, PostgresServer.USER, PostgresServer.PASSWORD);
        var statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("lock table liiklus_record in access exclusive mode");
      var run = CompletableFuture.supplyAsync(() -> copy("SQL", back));
      // Longer than it takes a source with gaps to be at its end.
      await().during(QUIET).atMost(PATIENCE).until(() -> !run.isDone());
      other.rollback();

      assertThat(run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).as(err()).isZero();
    }
    assertThat(copied("SQL", back).all()).isEqualTo(source().all());
  }

  @Test
  void targetThatIsAway_isNamedAndASignalEndsTheWait() throws Exception {
    source().fill(0, 1);
    var kafka = kafka("127.0.0.1:1");
    var run = CompletableFuture.supplyAsync(() -> copy("KAFKA", kafka));

    await().atMost(PATIENCE).until(() -> err().contains("waiting: KAFKA: "));
    interruption.complete(null);

    assertThat(run.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(err()).contains("at=127.0.0.1:1");
  }

  private Path settings(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name + "-" + UUID.randomUUID() + ".conf"), text);
  }

  /** One for each source. */
  private Path progress() {
    return folder.resolve(from.getFileName() + ".progress");
  }

  private Path kafka(String servers) throws IOException {
    return settings(
        "kafka",
        "kafka { bootstrapServers = \"%s\", positions.topic = \"%s\" }"
            .formatted(servers, positionsTopic));
  }

  private Path postgres() throws IOException {
    var server = SharedPostgres.server();
    target = "copy_" + UUID.randomUUID().toString().replace("-", "");
    server.createDatabase(target);
    return settings(
        "postgres",
        "sql { url = \"%s\", user = \"%s\", password = \"%s\" }"
            .formatted(server.url(target), PostgresServer.USER, PostgresServer.PASSWORD));
  }

  private CopiedTopic source() {
    return copied("SQL", sqlite);
  }

  private CopiedTopic copied(String type, Path settings) {
    return new CopiedTopic(type, settings, topic);
  }

  /** Takes the first records of each partition away, as retention does. */
  private void remove(long before) throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database);
        var statement = connection.createStatement()) {
      statement.executeUpdate("delete from liiklus_record where (id & 1099511627775) < " + before);
      statement.executeUpdate("update liiklus_log set start_off = " + before);
    }
  }

  private List<String> arguments(String to, Path toSettings, String... options) {
    var arguments = new ArrayList<>(List.of("records", "copy", "--from", "SQL", "--to", to));
    arguments.addAll(List.of("--from-config", from.toString()));
    arguments.addAll(List.of("--to-config", toSettings.toString()));
    arguments.addAll(List.of("--progress", progress().toString()));
    arguments.addAll(List.of(options));
    return arguments;
  }

  private int copy(String to, Path toSettings, String... options) {
    out.reset();
    err.reset();
    var terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            interruption);
    var storages = new ConfiguredRecords(Map.of(), Map.of());
    var command = RecordsCommand.of(terminal, storages, folder);
    return LiiklusCli.run(
        arguments(to, toSettings, options).toArray(String[]::new), terminal, List.of(command));
  }

  /** The same in a process of its own. */
  private Process launch(Path toSettings) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Launcher.class.getName());
    command.addAll(arguments("SQL", toSettings));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("copy.log").toFile())
        .start();
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }
}
