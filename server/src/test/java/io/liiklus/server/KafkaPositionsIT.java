package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.statusOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.grpc.Status;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.settings.SettingsException;
import io.liiklus.testing.SharedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Gateways that are told where Kafka is, and nothing else. */
class KafkaPositionsIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String topic = "topic-" + UUID.randomUUID();
  private final String positions = "positions-" + UUID.randomUUID();
  private final String bootstrapServers = SharedKafka.cluster().bootstrapServers();

  @Test
  void positions_areSharedByGatewaysAndOutliveThem() throws Exception {
    try (var one = start();
        var other = start();
        var client = new GatewayClient(one.port());
        var otherClient = new GatewayClient(other.port())) {
      client.ack(topic, "group", 0, 0, 5);
      assertThat(otherClient.offsets(topic, "group", 0)).isEqualTo(Map.of(0, 5L));
      otherClient.ack(topic, "group-v3", 0, 1, 2);
      assertThat(client.offsets(topic, "group", 3)).isEqualTo(Map.of(1, 2L));
      awaitStatus(one, 200);
      assertThat(get(one, "/prometheus").body()).contains("liiklus_kafka_positions 2.0");
    }
    try (var again = start();
        var client = new GatewayClient(again.port())) {
      assertThat(client.offsets(topic, "group", 0)).isEqualTo(Map.of(0, 5L));
    }
  }

  @Test
  void topicThatIsDeleted_isToldByCallsAndHealth() throws Exception {
    try (var gateway = start();
        var client = new GatewayClient(gateway.port())) {
      client.ack(topic, "group", 0, 0, 5);
      SharedKafka.cluster().deleteTopic(positions);

      awaitStatus(gateway, 503);
      assertThat(get(gateway, "/health").body())
          .contains("\"records\":\"UP\",\"positions\":\"DOWN\"")
          .contains("positions: the positions topic " + positions + " was deleted");
      for (var status :
          List.of(
              statusOf(() -> client.ack(topic, "group", 0, 0, 6)),
              statusOf(() -> client.offsets(topic, "group", 0)))) {
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription())
            .startsWith("no answer from the positions storage in time")
            .contains("; last failure: the positions topic " + positions + " was deleted");
      }
    }
  }

  @Test
  void topicThatIsGivenPartitions_isToldByCallsAndHealth() throws Exception {
    try (var gateway = start();
        var client = new GatewayClient(gateway.port())) {
      client.ack(topic, "group", 0, 0, 5);
      SharedKafka.cluster().addPartitions(positions, 2);

      awaitStatus(gateway, 503);
      var reason = "the positions topic " + positions + " was given 2 partitions, and";
      assertThat(get(gateway, "/health").body()).contains("positions: " + reason);
      for (var status :
          List.of(
              statusOf(() -> client.ack(topic, "group", 0, 0, 6)),
              statusOf(() -> client.offsets(topic, "group", 0)))) {
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).contains("; last failure: " + reason);
      }
    }
  }

  @Test
  void topicOfKafkasOwn_isRefusedAtTheStart() {
    assertThatThrownBy(
            () ->
                Gateway.start(
                    "--kafka.bootstrapServers=" + bootstrapServers,
                    "--kafka.positions.topic=__consumer_offsets"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("kafka.positions.topic: __consumer_offsets is one of Kafka's own");
  }

  @Test
  void recordsInMemory_mayHaveTheirPositionsInKafka() {
    try (var gateway = start("--storage.records.type=MEMORY", "--storage.positions.type=KAFKA");
        var client = new GatewayClient(gateway.port())) {
      client.ack(topic, "group", 0, 0, 5);
      assertThat(client.offsets(topic, "group", 0)).isEqualTo(Map.of(0, 5L));
    }
  }

  private Gateway start(String... more) {
    var settings = new ArrayList<String>();
    settings.add("--kafka.bootstrapServers=" + bootstrapServers);
    settings.add("--kafka.positions.topic=" + positions);
    settings.addAll(List.of(more));
    return Gateway.start(settings.toArray(String[]::new));
  }

  private static void awaitStatus(Gateway gateway, int status) {
    await().atMost(PATIENCE).until(() -> get(gateway, "/health").statusCode() == status);
  }

  private static HttpResponse<String> get(Gateway gateway, String path)
      throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + gateway.opsPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
