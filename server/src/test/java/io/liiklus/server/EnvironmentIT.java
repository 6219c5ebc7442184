package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.testing.SharedRedis;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A gateway whose settings come from the environment, as a container's do. */
class EnvironmentIT {

  @Test
  void addressThatEndsInALineBreak_isUsed() {
    var environment =
        Map.of(
            "redis_uri", SharedRedis.server().uri() + "\n", "storage_positions_type", "REDIS\r\n");
    try (var gateway = Gateway.startIn(environment);
        var client = new GatewayClient(gateway.port())) {
      var topic = Backend.MEMORY.newTopic();
      await()
          .atMost(GatewayClient.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(() -> client.ack(topic, "group", 0, 1, 5));
      assertThat(client.offsets(topic, "group", 0)).isEqualTo(Map.of(1, 5L));
    }
  }
}
