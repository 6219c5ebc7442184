package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.deployment.Release;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * The clients that come with the gateway, as processes: that of docs/clients.md, compiled from its
 * text, and the one on the command line. An Ack of theirs fails, since Redis is away for longer
 * than a gateway waits for it (5 s), while their Receive stays open.
 */
class ShippedClientsIT {

  private static final Duration AWAY = Duration.ofSeconds(10);

  /** Topic and group of the documented client. */
  private static final String TOPIC = "greetings";

  private static final String GROUP = "greeters";
  private static final String KEY = "en";
  private static final Pattern PROGRAM =
      Pattern.compile("```java\n(.*?class Greetings .*?)```", Pattern.DOTALL);

  private final Deployment deployment = SharedDeployment.get();

  @Test
  void documentedClient_acksAgainAfterRedisWasAway() throws Exception {
    var folder = ServerFolder.create(TOPIC);
    compileDocumented(folder);
    var classPath = deployment.release().jar() + ":" + folder;
    runThroughFaults(TOPIC, folder, List.of(java(), "-cp", classPath, "Greetings"));
  }

  @Test
  void commandLineClient_acksAgainAfterRedisWasAway() throws Exception {
    var folder = ServerFolder.create("command-line");
    var topic = "shell";
    var address = "127.0.0.1:" + deployment.gateway(2).grpcPort();
    var script = deployment.release().script().toString();
    runThroughFaults(
        topic,
        folder,
        List.of(script, "receive", topic, "--group", GROUP, "--values", "--address", address));
  }

  /** The client reads from the second gateway. */
  private void runThroughFaults(String topic, Path folder, List<String> command)
      throws IOException {
    try (var bench = LogBench.open(topic, 1, Map.of())) {
      var group = bench.stage().group(GROUP);
      var environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
      var client = ServerProcess.start(folder, "client.log", command, environment);
      try {
        publishAndAwait(bench, folder, 1);
        bench.awaitPosition(group, 0);

        deployment.redis().stop();
        publishAndAwait(bench, folder, 2);
        bench.stage().last(AWAY);
        deployment.redis().restart();
        publishAndAwait(bench, folder, 3);
        bench.awaitPosition(group, 2);

        restart();
        publishAndAwait(bench, folder, 4);
        bench.awaitPosition(group, 3);
        assertThat(values(folder)).containsExactly("en:1", "en:2", "en:3", "en:4");
        assertThat(Files.readString(log(folder))).doesNotContain("Exception");
      } finally {
        client.kill();
      }
      bench.checkLogs();
    }
  }

  private void restart() {
    var gateway = deployment.gateway(2);
    gateway.terminate();
    var unused = gateway.awaitEnd();
    gateway.start();
  }

  private static void publishAndAwait(LogBench bench, Path folder, int number) {
    bench.publish(KEY, 1, 0);
    await(KEY + ":" + number + " is printed")
        .atMost(Stage.RECOVERY_BOUND)
        .until(() -> values(folder).contains(KEY + ":" + number));
  }

  /** The records that the client has printed. */
  private static List<String> values(Path folder) throws IOException {
    try (Stream<String> lines = Files.lines(log(folder))) {
      return lines.filter(line -> line.startsWith(KEY + ":")).toList();
    }
  }

  private static Path log(Path folder) {
    return folder.resolve("client.log");
  }

  /** As docs/clients.md says, but for the port. */
  private void compileDocumented(Path folder) throws IOException {
    var program = PROGRAM.matcher(Files.readString(Release.checkout().resolve("docs/clients.md")));
    assertThat(program.find()).as("docs/clients.md has a client").isTrue();
    var source = folder.resolve("Greetings.java");
    var port = Integer.toString(deployment.gateway(2).grpcPort());
    assertThat(program.group(1)).contains("6565");
    Files.writeString(source, program.group(1).replace("6565", port));
    var jar = deployment.release().jar().toString();
    int exitCode =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-Xlint:all,-processing",
                "-Werror",
                "-cp",
                jar,
                source.toString());
    assertThat(exitCode).as("javac").isZero();
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
