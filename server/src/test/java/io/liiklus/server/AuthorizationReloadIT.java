package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules in a file that changes while the gateway serves. */
class AuthorizationReloadIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);
  private static final String ALL = "PUBLISH, CONSUME, ACK, DESCRIBE";

  @TempDir private Path folder;
  private Path file;
  private Gateway gateway;
  private GatewayClient client;

  private final LogWatch log = new LogWatch();

  @BeforeEach
  void start() throws IOException {
    file = folder.resolve("rules.conf");
    write("t", ALL);
    gateway =
        Gateway.start(
            "--authorization.enabled=true",
            "--authorization.file=" + file,
            "--authorization.reloadInterval=100ms",
            "--memory.partitions=1");
    client = new GatewayClient(gateway.port());
  }

  @AfterEach
  void stop() {
    client.close();
    gateway.close();
    log.close();
  }

  private void write(String topics, String allow) throws IOException {
    write(
        "rules = [{ principals = [anonymous], topics = [%s], groups = [g], allow = [%s] }]"
            .formatted(topics, allow));
  }

  private void write(String text) throws IOException {
    var next = Files.writeString(folder.resolve("next"), text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private Status ask(String topic) {
    return GatewayClient.statusOf(() -> client.endOffsets(topic));
  }

  private void awaitCode(String topic, Code code) {
    await().atMost(AWAIT).until(() -> ask(topic).getCode() == code);
  }

  @Test
  void reloadsUnderLoad_failNoCall() throws Exception {
    var isOver = new AtomicBoolean();
    var calls = new AtomicLong();
    var load =
        CompletableFuture.runAsync(
            () -> {
              while (!isOver.get()) {
                client.publish("t", "k", "v");
                client.ack("t", "g", 0, 0, calls.incrementAndGet());
              }
            });
    for (int i = 0; i < 5; i++) {
      write("t, u" + i, ALL);
      awaitCode("u" + i, Code.OK);
    }
    isOver.set(true);

    load.get();
    assertThat(calls.get()).isPositive();
    assertThat(ask("u0").getCode()).isEqualTo(Code.PERMISSION_DENIED);
  }

  @Test
  void withdrawnRight_endsTheOpenStreams() throws IOException {
    client.publish("t", "k", "v");
    try (var subscription = client.subscribe("t", "g", 0)) {
      var receive = client.receive(subscription.next().getAssignment());
      receive.request(1);
      write("t", "PUBLISH, DESCRIBE");

      assertThat(subscription.status().getCode()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(receive.status().getCode()).isIn(Code.PERMISSION_DENIED, Code.OK);
    }
    assertThat(client.subscribe("t", "g", 0).status().getDescription())
        .isEqualTo("principal anonymous may not CONSUME topic t as group g");
  }

  @Test
  void unusableFile_leavesTheOldRules() throws IOException {
    log.take();
    write("rules = [{ principals = [anonymous], topics = [u], allow = [READ] }]");

    await().atMost(AWAIT).until(() -> has("the changed rules of authorization cannot be used"));
    assertThat(ask("t").getCode()).isEqualTo(Code.OK);
    Files.delete(file);
    write("u", ALL);
    awaitCode("u", Code.OK);
    assertThat(ask("t").getCode()).isEqualTo(Code.PERMISSION_DENIED);
  }

  /** What an editor, a mount or a generator may leave there. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rules = [{ principals = [anonymous], top",
        "[[[[",
        "DEEP",
        "LARGE",
        "FOLDER",
        "\u0000\u0001",
        "<html>502 Bad Gateway</html>",
        "rules = nothing",
        "enabled = false",
        "include \"other.conf\"",
        "include file(\"other.conf\")",
        "include url(\"file:other.conf\")",
        "include classpath(\"other.conf\")",
        "rules = ${THE_RULES}"
      })
  void fileThatTurnsBad_changesNothing_andIsReadAgainWhenItIsGood(String text) throws IOException {
    log.take();
    switch (text) {
      case "DEEP" -> write("rules = " + "[".repeat(1_000_000));
      case "LARGE" -> write("#".repeat((4 << 20) + 1));
      case "FOLDER" -> {
        Files.delete(file);
        Files.createDirectory(file);
      }
      default -> write(text);
    }

    await()
        .atMost(AWAIT)
        .until(
            () ->
                log.take().stream()
                    .anyMatch(line -> line.contains("changed rules of authorization cannot be")));
    assertThat(ask("t").getCode()).isEqualTo(Code.OK);
    if (text.equals("FOLDER")) {
      Files.delete(file);
    }
    write("u", ALL);
    awaitCode("u", Code.OK);
    assertThat(ask("t").getCode()).isEqualTo(Code.PERMISSION_DENIED);
  }

  private boolean has(String text) {
    return log.take().stream().anyMatch(line -> line.contains(text) && line.contains("READ"));
  }
}
