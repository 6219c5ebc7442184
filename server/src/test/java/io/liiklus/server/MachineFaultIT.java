package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.UnpackedRelease;
import io.liiklus.testing.FreePorts;
import io.liiklus.testing.SharedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A gateway on a machine where the libraries of Kafka's codecs cannot be unpacked. */
class MachineFaultIT {

  private static final String NO_FOLDER = "-Djava.io.tmpdir=/proc/none";

  private final String topic = "topic-" + UUID.randomUUID();
  private final List<Integer> ports = FreePorts.pick(2);

  @TempDir private Path folder;
  private UnpackedRelease release;
  private Process gateway;

  @BeforeEach
  void unpack() throws IOException {
    release = UnpackedRelease.in(folder);
  }

  @AfterEach
  void end() {
    if (gateway != null) {
      gateway.destroyForcibly();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "zstd"})
  void recordsThatTheMachineCannotRead_areWaitedForAndNeverSkipped(String codec) throws Exception {
    SharedKafka.cluster().createTopic(topic, 2);
    send("none", 0, "plain");
    send(codec, 0, "compressed");
    start("--kafka.unreadableRecords=skip");
    try (var client = new GatewayClient(ports.get(0));
        var subscription = client.subscribe(topic, "group", 0)) {
      var assignments =
          Map.of(
              0, subscription.next().getAssignment(),
              1, subscription.next().getAssignment());
      int first = assignments.get(0).getPartition();
      var unreadable = client.receive(first == 0 ? assignments.get(0) : assignments.get(1));
      var readable = client.receive(first == 0 ? assignments.get(1) : assignments.get(0));
      unreadable.request(10);
      readable.request(10);

      assertThat(unreadable.next().getRecord().getValue()).isEqualTo(GatewayClient.bytes("plain"));
      awaitHealth(503);
      assertThat(get("/health").body())
          .contains(
              "\"records\":\"DOWN\"", "\"reason\":\"records: the gateway cannot load a library");

      send("none", 1, "beside");
      assertThat(readable.next().getRecord().getValue()).isEqualTo(GatewayClient.bytes("beside"));
      send("none", 0, "behind");
      assertThat(unreadable.isEnded()).isFalse();
      assertThat(subscription.isEnded()).isFalse();
      assertThat(unreadable.arrived()).isEmpty();
      assertThat(get("/prometheus").body())
          .contains("liiklus_skips_by_reason_total{reason=\"corruption\"} 0.0");
    }
    assertThat(release.out(gateway).lines().filter(line -> line.contains("ERROR")))
        .singleElement()
        .asString()
        .contains("records cannot be read or written by a fault of the machine", "/proc/none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "zstd"})
  void missingCompression_isReportedByACheckAndAtTheStart(String codec) throws Exception {
    var environment = Map.of("JAVA_OPTS", NO_FOLDER);
    var settings =
        List.of(
            "--kafka.bootstrapServers=127.0.0.1:1",
            "--storage.positions.type=MEMORY",
            "--kafka.properties.compression.type=" + codec);

    for (var action : List.of("--check-config", "--grpc.port=0")) {
      var run =
          release.run(
              release.script(),
              environment,
              settings.get(0),
              settings.get(1),
              settings.get(2),
              action);

      assertThat(run.err())
          .contains("kafka.properties.compression.type", codec, "java.io.tmpdir=/proc/none")
          .doesNotContain("Exception", "\tat ");
      assertThat(run.exitCode()).isEqualTo(2);
    }
  }

  private void start(String setting) throws IOException {
    gateway =
        release.start(
            release.script(),
            Map.of("JAVA_OPTS", NO_FOLDER),
            "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
            "--storage.positions.type=MEMORY",
            "--grpc.port=" + ports.get(0),
            "--server.port=" + ports.get(1),
            setting);
    awaitHealth(200);
  }

  private void awaitHealth(int status) {
    await().atMost(UnpackedRelease.PATIENCE).until(() -> isHealth(status));
  }

  private boolean isHealth(int status) throws Exception {
    assertThat(gateway.isAlive()).as("the gateway runs: %s", release.out(gateway)).isTrue();
    try {
      return get("/health").statusCode() == status;
    } catch (IOException notYet) {
      return false;
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + ports.get(1) + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }

  private void send(String codec, int partition, String value) throws Exception {
    var text = new StringSerializer();
    var servers = SharedKafka.cluster().bootstrapServers();
    var settings = Map.<String, Object>of("bootstrap.servers", servers, "compression.type", codec);
    try (var producer = new KafkaProducer<>(settings, text, text)) {
      producer.send(new ProducerRecord<>(topic, partition, null, value)).get();
    }
  }
}
