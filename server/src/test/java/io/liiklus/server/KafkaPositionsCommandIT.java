package io.liiklus.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.cli.LiiklusCli;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.positions.PositionsCommand;
import io.liiklus.launcher.ConfiguredPositions;
import io.liiklus.testing.SharedKafka;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Positions that are taken out of Kafka and into it: reading makes nothing, and says what fails.
 */
class KafkaPositionsCommandIT {

  private static final Duration SOON = Duration.ofSeconds(15);

  private final String topic = "positions-" + UUID.randomUUID();
  private final String bootstrapServers = SharedKafka.cluster().bootstrapServers();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Void> interruption = new CompletableFuture<>();

  @TempDir private Path folder;

  @Test
  void exportOfAMissingTopic_saysSoAndMakesNone() throws Exception {
    assertThat(run("export", "--config", settings(bootstrapServers, topic))).isEqualTo(1);

    assertThat(err()).startsWith("liiklus: KAFKA: there is no positions topic " + topic + " yet");
    assertThat(topics()).doesNotContain(topic);
  }

  @Test
  void dryRunIntoAMissingTopic_printsAllAndMakesNone() throws Exception {
    var file =
        Files.writeString(
            folder.resolve("positions.jsonl"),
            """
            {"format":"liiklus-positions","version":1}
            {"topic":"orders","group":"billing","version":0,"positions":{"0":41}}
            """);
    var from = settings(bootstrapServers, topic);
    var target = topic + "-target";
    var to = settings(bootstrapServers, target);
    assertThat(run("import", "--to", "KAFKA", "--config", from, file.toString())).isZero();

    assertThat(copy(from, to, "--dry-run")).isZero();

    assertThat(out()).isEqualTo("new\torders\tbilling\t0\t0\tnone\t41\n");
    assertThat(err())
        .contains(target + ") has no positions so far; what holds them would be created");
    assertThat(run("import", "--to", "KAFKA", "--config", to, "--dry-run", file.toString()))
        .isZero();
    assertThat(topics()).contains(topic).doesNotContain(target);

    assertThat(copy(from, to)).isZero();
    assertThat(run("export", "--config", to)).isZero();
    assertThat(out()).isEqualTo(Files.readString(file));
  }

  @Test
  void brokerThatIsAway_isNamedWithinSeconds() throws Exception {
    // Nobody listens there.
    var config = settings("127.0.0.1:1", topic);
    var run = CompletableFuture.supplyAsync(() -> run("export", "--config", config));

    await().atMost(SOON).until(() -> err().contains("waiting: KAFKA: Kafka: Timed out"));
    assertThat(err()).contains("at=127.0.0.1:1").doesNotContain("not read to its end");

    interruption.complete(null);
    assertThat(run.join()).isNotZero();
  }

  @Test
  void hostThatCannotBeFound_isASettingThatIsRefused() throws Exception {
    var config = settings("nowhere.invalid:9092", topic);
    assertThat(run("export", "--config", config)).isEqualTo(2);
    assertThat(err()).contains("kafka.bootstrapServers: no host can be found");
  }

  private String settings(String servers, String positions) throws IOException {
    var file = folder.resolve(UUID.randomUUID() + ".conf");
    var text =
        "kafka { bootstrapServers = \"%s\", positions.topic = \"%s\" }"
            .formatted(servers, positions);
    return Files.writeString(file, text).toString();
  }

  private int copy(String from, String to, String... options) {
    var fixed = new String[] {"copy", "--from", "KAFKA", "--to", "KAFKA"};
    var files = new String[] {"--from-config", from, "--to-config", to};
    return run(concat(concat(fixed, files), options));
  }

  private static String[] concat(String[] first, String... second) {
    var all = new String[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  private int run(String... arguments) {
    out.reset();
    err.reset();
    var terminal =
        new Terminal(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            interruption);
    var storages =
        new ConfiguredPositions(Map.of(), Map.of("liiklus.home", "target/no-such-folder"));
    return LiiklusCli.run(
        concat(new String[] {"positions"}, arguments),
        terminal,
        List.of(PositionsCommand.of(terminal, storages)));
  }

  private List<String> topics() throws Exception {
    return List.copyOf(SharedKafka.cluster().admin().listTopics().names().get());
  }

  private String out() {
    return out.toString(UTF_8);
  }

  private String err() {
    return err.toString(UTF_8);
  }
}
