package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.grpc.Status.Code;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.SharedKafka;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The topic in which gateways keep positions, to their clients. */
class ReservedTopicIT {

  private static final String TOPIC = "positions-" + UUID.randomUUID();

  private static Gateway gateway;
  private static GatewayClient client;

  @BeforeAll
  static void start() {
    gateway =
        Gateway.start(
            "--kafka.bootstrapServers=" + SharedKafka.cluster().bootstrapServers(),
            "--kafka.positions.topic=" + TOPIC);
    client = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  private static void isDenied(Status status) {
    assertThat(status.getCode()).isEqualTo(Code.PERMISSION_DENIED);
    assertThat(status.getDescription())
        .startsWith("principal anonymous may not ")
        .endsWith(": the topic has the gateway's own data");
  }

  @Test
  void positionsTopic_isNobodys() {
    var other = Backend.KAFKA_AND_REDIS.newTopic();
    client.ack(other, "g", 0, 0, 5);

    isDenied(GatewayClient.statusOf(() -> client.publish(TOPIC, "k", "v")));
    isDenied(client.subscribe(TOPIC, "g", 0).status());
    isDenied(GatewayClient.statusOf(() -> client.endOffsets(TOPIC)));
    isDenied(GatewayClient.statusOf(() -> client.offsets(TOPIC, "g", 0)));
    isDenied(GatewayClient.statusOf(() -> client.ack(TOPIC, "g", 0, 0, 5)));

    assertThat(client.offsets(other, "g", 0)).containsEntry(0, 5L);
  }
}
