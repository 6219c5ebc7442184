package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.RedisTlsServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RedisTlsIT {

  private static RedisTlsServer redis;

  @BeforeAll
  static void starts() {
    redis = RedisTlsServer.start();
  }

  @AfterAll
  static void ends() {
    redis.close();
  }

  @Test
  void uncheckedCertificate_isTakenThoughSelfSigned() {
    var settings = TestSettings.at(redis.uri() + "?verifyPeer=NONE");
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected()) {
      storage.store("topic", "group", 0, 5);
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(0, Map.of(0, 5L)));
    }
  }

  @Test
  void checkedSelfSignedCertificate_isRefusedWithTheReason() {
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(redis.uri()))) {
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () -> {
                var failure = OpenPositions.failure(storage.storage().check());
                assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
                assertThat(RedisFailures.rootOf(failure)).hasMessageContaining("certification");
              });
    }
  }
}
