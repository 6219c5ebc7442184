package io.liiklus.positions.redis;

import static io.liiklus.api.OpenPositions.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.RedisSentinelServers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A master and a Sentinel that each want a password, or TLS, or not. */
class SentinelLoginIT {

  @ParameterizedTest
  @CsvSource({
    // The Sentinel's password, and what is set of it.
    "'', ''",
    "same, ''",
    "same, same",
    "other, other",
    "'', unasked"
  })
  void sentinelWithPassword_isAskedWithItsOwnOrTheUris(String password, String set) {
    try (var servers = RedisSentinelServers.start("same", password);
        var storage = open(servers.uri(":same"), set)) {
      storage.untilConnected();
      storage.store("topic", "group", 0, 5);
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(0, Map.of(0, 5L)));
    }
  }

  @Test
  void masterWithoutPassword_isFoundThroughASentinelWithOne() {
    try (var servers = RedisSentinelServers.start("", "other");
        var storage = open(servers.uri(), "other")) {
      storage.untilConnected();
      storage.store("topic", "group", 0, 5);
    }
  }

  @Test
  void sentinelWithUsers_isAskedAsItsOwnUser() {
    try (var servers = RedisSentinelServers.start("same", "")) {
      servers.askSentinel("ACL", "SETUSER", "gateway", "on", ">word", "+@all");
      servers.askSentinel("ACL", "SETUSER", "default", "off");
      var settings = settings(servers.uri(":same"), "word").with("sentinel.username", "gateway");
      try (var storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings)) {
        storage.untilConnected();
        storage.store("topic", "group", 0, 5);
      }
    }
  }

  @Test
  void wrongPasswordOfASentinel_isRefusedAndTheTextNamesTheSetting() {
    try (var servers = RedisSentinelServers.start("same", "other");
        var storage = open(servers.uri(":same"), "")) {
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () -> {
                var failure = failure(storage.storage().check());
                assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
                assertThat(failure)
                    .hasMessageContaining("Sentinel")
                    .hasMessageContaining("redis.sentinel.password");
              });
    }
  }

  @Test
  void wrongPasswordOfAMaster_isNotTakenForTheSentinels() {
    try (var servers = RedisSentinelServers.start("same", "");
        var storage = open(servers.uri(":wrong"), "")) {
      await()
          .atMost(OpenPositions.PATIENCE)
          .until(() -> failure(storage.storage().check()).kind() == Kind.REFUSED);
      assertThat(failure(storage.storage().check()))
          .hasMessageContaining("WRONGPASS")
          .hasMessageNotContaining("Sentinel");
    }
  }

  @Test
  void sentinelWithTls_isAskedForAMasterWithoutIt() {
    try (var servers = RedisSentinelServers.start()) {
      var settings = TestSettings.at(servers.uriOfTlsSentinel()).with("sentinel.tls", "true");
      try (var storage = OpenPositions.open(new RedisPositionsStorageFactory(), settings)) {
        storage.untilConnected();
        storage.store("topic", "group", 0, 5);
      }
    }
  }

  private static MapSettings settings(String uri, String sentinelPassword) {
    return TestSettings.at(uri).with("sentinel.password", sentinelPassword);
  }

  private static OpenPositions open(String uri, String sentinelPassword) {
    return OpenPositions.open(new RedisPositionsStorageFactory(), settings(uri, sentinelPassword));
  }
}
