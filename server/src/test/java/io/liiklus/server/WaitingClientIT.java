package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.UnpackedRelease;
import io.liiklus.testing.RedisServer;
import io.liiklus.testing.SharedKafka;
import io.liiklus.testing.TcpRelay;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client on the command line says while a storage is away, by the start script. */
class WaitingClientIT {

  private static final Pattern PORT = Pattern.compile(": serving, grpc\\.port=(\\d+)");

  private final String topic = "topic-" + UUID.randomUUID();
  private final List<Process> processes = new ArrayList<>();

  @TempDir private Path folder;
  private UnpackedRelease release;
  private RedisServer redis;
  private TcpRelay kafka;
  private String address;

  @BeforeEach
  void start() throws IOException {
    release = UnpackedRelease.in(folder);
    redis = RedisServer.start();
    var broker = SharedKafka.cluster().bootstrapServers().split(":");
    kafka = TcpRelay.start(broker[0], Integer.parseInt(broker[1]));
    SharedKafka.cluster().createTopic(topic, 1);
  }

  @AfterEach
  void stop() {
    processes.forEach(Process::destroyForcibly);
    kafka.close();
    redis.close();
  }

  @Test
  void receiveWithoutPositions_namesThemAndGoesOn() throws Exception {
    startGateway();
    assertThat(release.finish(client("publish", topic, "hello")).exitCode()).isZero();
    redis.pause();
    var reader = client("receive", topic, "--group=g", "--count=1", "--values");

    awaitSaid(
        reader, "no partition so far, waiting: the gateway's positions storage does not answer: ");
    redis.resume();
    var received = release.finish(reader);

    assertThat(received.err()).contains("liiklus: going on\n").doesNotContain("topic is not there");
    assertThat(received.out()).isEqualTo("hello\n");
    assertThat(received.exitCode()).isZero();
  }

  @Test
  void receiveWhoseAcksWait_saysSoAndThatTheyGoOn() throws Exception {
    startGateway();
    var reader = client("receive", topic, "--group=g", "--count=4", "--values");
    publish("zero");
    // By then it reads: one that begins now would wait for its position.
    await().atMost(UnpackedRelease.PATIENCE).until(() -> release.out(reader).equals("zero\n"));
    redis.pause();
    publish("one");

    awaitSaid(
        reader, "acks are delayed: the gateway's positions storage does not answer: UNAVAILABLE: ");
    redis.resume();
    awaitSaid(reader, "acks go on");
    redis.pause();
    publish("two");
    await()
        .atMost(UnpackedRelease.PATIENCE)
        .until(() -> release.err(reader).split("acks are delayed", -1).length == 3);
    redis.resume();
    publish("three");

    assertThat(release.finish(reader).out()).isEqualTo("zero\none\ntwo\nthree\n");
  }

  @Test
  void clientsWithoutBroker_nameItAndGoOn() throws Exception {
    kafka.cut();
    startGateway();
    var writer = client("publish", topic, "hello");
    var reader = client("receive", topic, "--group=g", "--count=1", "--values");

    var away = "waiting: the gateway's records storage does not answer: ";
    awaitSaid(writer, "no answer so far, " + away);
    awaitSaid(reader, "no partition so far, " + away);
    assertThat(release.out(writer)).isEmpty();
    kafka.restore();
    var published = release.finish(writer);
    var received = release.finish(reader);

    assertThat(published.out()).isEqualTo("0:0\n");
    assertThat(published.err())
        .contains("liiklus: going on\nliiklus: published 1 record to " + topic + "\n");
    assertThat(received.err()).contains("liiklus: going on\n").doesNotContain("topic is not there");
    assertThat(received.out()).isEqualTo("hello\n");
  }

  private void publish(String value) throws Exception {
    assertThat(release.finish(client("publish", topic, value)).exitCode()).isZero();
  }

  private void startGateway() throws IOException {
    var gateway =
        start(
            "--grpc.host=127.0.0.1",
            "--grpc.port=0",
            "--server.port=0",
            "--kafka.bootstrapServers=127.0.0.1:" + kafka.port(),
            "--redis.uri=" + redis.uri());
    awaitPort(gateway);
  }

  private void awaitPort(Process gateway) {
    await()
        .atMost(UnpackedRelease.PATIENCE)
        .until(
            () -> {
              var serving = PORT.matcher(release.out(gateway));
              boolean isFound = serving.find();
              address = isFound ? "--address=127.0.0.1:" + serving.group(1) : null;
              return isFound;
            });
  }

  private Process client(String... arguments) throws IOException {
    var all = new ArrayList<>(List.of(arguments));
    all.add(address);
    return start(all.toArray(String[]::new));
  }

  private Process start(String... arguments) throws IOException {
    var process = release.start(release.script(), Map.of(), arguments);
    processes.add(process);
    return process;
  }

  private void awaitSaid(Process client, String text) {
    await()
        .atMost(UnpackedRelease.PATIENCE)
        .untilAsserted(() -> assertThat(release.err(client)).contains(text));
  }
}
