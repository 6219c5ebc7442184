package io.liiklus.positions.redis;

import static io.liiklus.api.OpenPositions.answer;
import static io.liiklus.api.OpenPositions.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStoreContract;
import io.liiklus.api.OpenPositions;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.testing.SharedRedis;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on one Redis, and what is in it then. */
class RedisCoordinationStoreIT extends CoordinationStoreContract {

  private static final String PREFIX = "rows[*]:";

  private static OpenPositions open;
  private static OpenPositions other;

  private final String name = "g/topic/" + UUID.randomUUID();

  @BeforeAll
  static void opens() {
    var settings =
        TestSettings.at(SharedRedis.server().uri()).with("positionsProperties.prefix", PREFIX);
    open = OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected();
    other = OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected();
  }

  @AfterAll
  static void closes() {
    other.close();
    open.close();
  }

  @Override
  protected CoordinationStore store() {
    return open.coordination();
  }

  @Override
  protected CoordinationStore second() {
    return other.coordination();
  }

  private void write(String value) {
    answer(store().replace(name, CoordinationStore.ABSENT, value.getBytes(UTF_8)));
  }

  @Test
  void row_isAHashOfVersionAndValueOutsideOfThePrefix() {
    write("value");
    long version = answer(store().read(Set.of(name))).get(name).version();
    try (var original = new Original(SharedRedis.server().uri())) {
      assertThat(original.redis().hgetall("~~" + PREFIX + name))
          .isEqualTo(Map.of("v", Long.toString(version), "d", "value"));
    }
  }

  @Test
  void rows_areNoPositions() {
    open.store("topic", name, 0, 5);
    write("value");
    var settings =
        TestSettings.at(SharedRedis.server().uri()).with("positionsProperties.prefix", PREFIX);
    // One that has just begun scans first.
    try (var fresh =
            OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected();
        var original = new Original(SharedRedis.server().uri())) {
      assertThat(fresh.findAll()).isEqualTo(Map.of("topic:" + name + ":0", Map.of(0, 5L)));
      assertThat(original.redis().keys(PREFIX.replace("[*]", "\\[\\*\\]") + "*"))
          .containsExactly(PREFIX + "topic:" + name + ":0");
    }
  }

  @Test
  void removedRow_leavesNothing() {
    write("value");
    long version = answer(store().read(Set.of(name))).get(name).version();
    answer(store().replace(name, version, null));
    try (var original = new Original(SharedRedis.server().uri())) {
      assertThat(original.redis().exists("~~" + PREFIX + name)).isZero();
    }
  }

  @Test
  void hashOfAnotherProgram_isRefusedByName() {
    try (var original = new Original(SharedRedis.server().uri())) {
      original.redis().hset("~~" + PREFIX + name, "v", "first");
      assertThat(failure(store().read(Set.of(name))))
          .hasMessageContaining("~~" + PREFIX + name)
          .extracting("kind")
          .isEqualTo(Kind.PRECONDITION);
    }
  }

  @Test
  void closedStorage_failsCalls() {
    var settings = TestSettings.at(SharedRedis.server().uri());
    var closed = OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected();
    var store = closed.coordination();
    closed.close();
    assertThat(failure(store.read(Set.of(name))).kind()).isEqualTo(Kind.CLOSED);
  }
}
