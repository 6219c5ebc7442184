package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.testing.SharedRedis;
import io.liiklus.testing.TcpRelay;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The network between the gateway and a Redis that is well. */
class RedisBehindRelayIT {

  private final String prefix = "p-" + UUID.randomUUID() + ":";
  private TcpRelay relay;

  @BeforeEach
  void relays() {
    var redis = SharedRedis.server();
    relay = TcpRelay.start(redis.host(), redis.port());
  }

  @AfterEach
  void ends() {
    relay.close();
  }

  private MapSettings settings() {
    return TestSettings.at("redis://" + relay.host() + ":" + relay.port())
        .with("positionsProperties.prefix", prefix);
  }

  @Test
  void slowRedis_isWaitedFor() {
    relay.delay(Duration.ofMillis(500));
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected()) {
      storage.store("topic", "group", 0, 5);
      // The scan takes its pages one by one, and others' keys are many.
      await()
          .atMost(OpenPositions.PATIENCE)
          .ignoreExceptions()
          .untilAsserted(
              () ->
                  assertThat(storage.findVersions("topic", "group"))
                      .isEqualTo(Map.of(0, Map.of(0, 5L))));
    }
  }

  @Test
  void writeOfAnotherGatewayDuringACut_stays() {
    var direct = settings().with("uri", SharedRedis.server().uri());
    try (var cutOff =
            OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected();
        var other =
            OpenPositions.open(new RedisPositionsStorageFactory(), direct).untilConnected()) {
      cutOff.store("topic", "group", 0, 5);
      relay.cut();
      await().atMost(OpenPositions.PATIENCE).until(() -> !cutOff.isConnected());
      other.store("topic", "group", 0, 9);
      relay.restore();
      cutOff.untilConnected();
      assertThat(cutOff.find("topic", "group", 0)).isEqualTo(Map.of(0, 9L));
    }
  }
}
