package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.GroupId;
import io.liiklus.api.MapSettings;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.SharedRedis;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data goes from the original to us and back, by whoever writes it and whenever. */
class OriginalDataIT {

  private final String prefix = "p-" + UUID.randomUUID() + ":";
  private Original original;

  @BeforeEach
  void connects() {
    original = new Original(SharedRedis.server().uri());
  }

  @AfterEach
  void disconnects() {
    original.close();
  }

  private MapSettings settings() {
    return TestSettings.at(SharedRedis.server().uri()).with("positionsProperties.prefix", prefix);
  }

  private OpenPositions open() {
    return OpenPositions.open(new RedisPositionsStorageFactory(), settings()).untilConnected();
  }

  @Test
  void positionsOfTheOriginal_areFound() {
    original.store(prefix + "topic:group:0", 0, 10);
    original.store(prefix + "topic:group:0", 1, 11);
    original.store(prefix + "topic:group:2", 0, 20);
    original.store(prefix + "topic:a:b::1", 3, 30);
    try (var storage = open()) {
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 10L, 1, 11L));
      assertThat(storage.findVersions("topic", "group"))
          .isEqualTo(Map.of(0, Map.of(0, 10L, 1, 11L), 2, Map.of(0, 20L)));
      assertThat(storage.findAll())
          .isEqualTo(
              Map.of(
                  "topic:group:0", Map.of(0, 10L, 1, 11L),
                  "topic:group:2", Map.of(0, 20L),
                  "topic:a:b::1", Map.of(3, 30L)));
    }
  }

  @Test
  void original_findsOurPositionsAndNothingElse() {
    try (var storage = open()) {
      storage.store("topic", "group", 0, 10);
      storage.store("topic", "group", 7, -1);
      storage.store("topic", "a:b*", 1, Long.MAX_VALUE - 1);
    }
    assertThat(original.findAll(prefix))
        .isEqualTo(
            Map.of(
                prefix + "topic:group:0", Map.of("0", "10"),
                prefix + "topic:group:7", Map.of("0", "-1"),
                prefix + "topic:a:b*:1", Map.of("0", "9223372036854775806")));
  }

  @Test
  void index_namesVersionsAndGroups() {
    try (var storage = open()) {
      storage.store("topic", "a:b", 0, 1);
      storage.store("topic", "a:b", 3, 1);
    }
    assertThat(original.redis().smembers("~" + prefix)).containsExactly("topic:a:b");
    assertThat(original.redis().smembers("~" + prefix + "topic:a:b"))
        .containsExactlyInAnyOrder("0", "3");
  }

  @Test
  void laterPositionsOfTheOriginal_areFoundByTheNextScan() {
    try (var storage =
        OpenPositions.open(new RedisPositionsStorageFactory(), settings().with("rescan", "200ms"))
            .untilConnected()) {
      assertThat(storage.findAll()).isEmpty();
      original.store(prefix + "topic:group:4", 0, 40);
      assertThat(storage.find("topic", "group", 4)).isEqualTo(Map.of(0, 40L));
      await()
          .atMost(OpenPositions.PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(storage.findVersions("topic", "group"))
                      .isEqualTo(Map.of(4, Map.of(0, 40L))));
      assertThat(storage.findAll()).containsOnlyKeys("topic:group:4");
    }
  }

  @Test
  void moreGroupsThanAScanPage_areFound() {
    for (int i = 0; i < 5_000; i++) {
      original.store(prefix + "topic:group-" + i / 2 + ":" + i % 2, 0, i);
    }
    // The first scan, which a find waits for, writes an index entry for each.
    try (var storage =
        OpenPositions.open(
                new RedisPositionsStorageFactory(), settings().with("commandTimeout", "30s"))
            .untilConnected()) {
      assertThat(storage.findAll())
          .hasSize(5_000)
          .containsEntry("topic:group-999:1", Map.of(0, 1999L));
      assertThat(storage.findVersions("topic", "group-500"))
          .isEqualTo(Map.of(0, Map.of(0, 1000L), 1, Map.of(0, 1001L)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3", "03", "0003"})
  void oldName_isReadAsTheVersionThatItNames(String digits) {
    original.store(prefix + "topic:group-v" + digits + ":0", 0, 30);
    try (var storage = open()) {
      assertThat(storage.find("topic", "group", 3)).isEqualTo(Map.of(0, 30L));
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(3, Map.of(0, 30L)));
      assertThat(storage.findAll()).isEqualTo(Map.of("topic:group:3", Map.of(0, 30L)));
      assertThat(storage.findVersions("topic", "group-v" + digits)).isEmpty();
      assertThat(storage.find("topic", "group-v" + digits, 0)).isEqualTo(Map.of(0, 30L));
    }
  }

  @Test
  void oldNameOfVersionZero_isTheNameItself() {
    original.store(prefix + "topic:group-v0:0", 0, 30);
    original.store(prefix + "topic:group:0", 1, 31);
    try (var storage = open()) {
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 30L, 1, 31L));
      assertThat(storage.findAll()).containsOnlyKeys("topic:group:0");
    }
  }

  @Test
  void oldName_fillsOnlyPartitionsThatTheVersionLacks() {
    original.store(prefix + "topic:group-v3:0", 0, 30);
    original.store(prefix + "topic:group-v3:0", 1, 31);
    original.store(prefix + "topic:group:3", 1, 5);
    try (var storage = open()) {
      assertThat(storage.find("topic", "group", 3)).isEqualTo(Map.of(0, 30L, 1, 5L));
      storage.store("topic", "group", 3, 7);
      assertThat(storage.find("topic", "group", 3)).isEqualTo(Map.of(0, 7L, 1, 5L));
      assertThat(storage.findVersions("topic", "group")).isEqualTo(Map.of(3, Map.of(0, 7L, 1, 5L)));
      assertThat(storage.findAll()).isEqualTo(Map.of("topic:group:3", Map.of(0, 7L, 1, 5L)));
    }
    assertThat(original.redis().hgetall(prefix + "topic:group-v3:0"))
        .isEqualTo(Map.of("0", "30", "1", "31"));
  }

  @Test
  void oldName_isNeverWritten() {
    try (var storage = open()) {
      storage.store("topic", "group-v3", 0, 7);
      assertThat(storage.find("topic", "group", 3)).isEqualTo(Map.of(0, 7L));
    }
    assertThat(original.findAll(prefix)).containsOnlyKeys(prefix + "topic:group:3");
  }

  @Test
  void nameWithTooHighAVersion_staysAsItIs() {
    original.store(prefix + "topic:group-v2147483648:0", 0, 30);
    original.store(prefix + "topic:-v1:0", 0, 31);
    try (var storage = open()) {
      assertThat(storage.find("topic", "group-v2147483648", 0)).isEqualTo(Map.of(0, 30L));
      assertThat(storage.findVersions("topic", "-v1")).isEqualTo(Map.of(0, Map.of(0, 31L)));
      assertThat(storage.findAll()).containsOnlyKeys("topic:group-v2147483648:0", "topic:-v1:0");
    }
  }

  @Test
  void otherValues_arePassedOver() {
    original.store(prefix + "topic:group:0", 0, 10);
    original.redis().hset(prefix + "topic:group:0", "one", "1");
    original.redis().hset(prefix + "topic:group:0", "2", "two");
    original.redis().hset(prefix + "topic:group:0", "-1", "3");
    original.redis().hset(prefix + "topic:group:0", "4", "-2");
    original.redis().hset(prefix + "topic:group:0", "5", "9223372036854775807");
    original.redis().set(prefix + "topic:text:0", "text");
    original.redis().set(prefix, "text");
    original.redis().set(prefix + "elsewhere", "text");
    original.redis().sadd("~" + prefix + "topic:group", "x");
    original.redis().sadd("~" + prefix, "x");
    try (var storage = open()) {
      assertThat(storage.find("topic", "group", 0)).isEqualTo(Map.of(0, 10L));
      assertThat(storage.find("topic", "text", 0)).isEmpty();
      assertThat(storage.findAll()).isEqualTo(Map.of("topic:group:0", Map.of(0, 10L)));
      var id = new PositionId("topic", new GroupId("text", 0), 0);
      assertThat(OpenPositions.failure(storage.storage().store(id, 1)).kind())
          .isEqualTo(Kind.REFUSED);
    }
  }

  @Test
  void anotherPrefix_isAnotherStorage() {
    original.store("x" + prefix + "topic:group:0", 0, 10);
    try (var storage = open()) {
      assertThat(storage.findAll()).isEmpty();
      assertThat(storage.find("topic", "group", 0)).isEmpty();
    }
  }

  @Test
  void twoGateways_seeEachOther() {
    try (var one = open();
        var other = open()) {
      one.store("topic", "group", 1, 10);
      other.store("topic", "group", 2, 20);
      assertThat(one.findVersions("topic", "group"))
          .isEqualTo(Map.of(1, Map.of(0, 10L), 2, Map.of(0, 20L)))
          .isEqualTo(other.findVersions("topic", "group"));
      other.store("topic", "group", 1, 5);
      assertThat(one.find("topic", "group", 1)).isEqualTo(Map.of(0, 5L));
    }
  }
}
