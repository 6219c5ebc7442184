package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.OpenPositions;
import io.liiklus.testing.RedisSentinelServers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A master that Sentinel names, and then another. */
class RedisSentinelIT {

  @Test
  void failover_leadsToTheNewMaster() {
    try (var servers = RedisSentinelServers.start();
        var storage =
            OpenPositions.open(
                new RedisPositionsStorageFactory(),
                TestSettings.at(servers.uri()).with("commandTimeout", "1s"))) {
      storage.untilConnected();
      storage.store("topic", "group", 0, 5);
      servers.master().kill();
      await()
          .atMost(OpenPositions.PATIENCE)
          .ignoreExceptions()
          .until(
              () -> {
                storage.store("topic", "group", 1, 6);
                return true;
              });
      assertThat(storage.findVersions("topic", "group"))
          .containsEntry(1, Map.of(0, 6L))
          .isEqualTo(Map.of(0, Map.of(0, 5L), 1, Map.of(0, 6L)));
    }
  }
}
