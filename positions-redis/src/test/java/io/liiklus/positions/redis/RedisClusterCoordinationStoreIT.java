package io.liiklus.positions.redis;

import static io.liiklus.api.OpenPositions.answer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStoreContract;
import io.liiklus.api.OpenPositions;
import io.liiklus.testing.RedisClusterServers;
import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on three masters. */
class RedisClusterCoordinationStoreIT extends CoordinationStoreContract {

  private static final int ROWS = 200;

  private static RedisClusterServers servers;
  private static OpenPositions open;
  private static OpenPositions other;

  @BeforeAll
  static void opens() {
    servers = RedisClusterServers.start();
    open =
        OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(servers.uri()))
            .untilConnected();
    other =
        OpenPositions.open(new RedisPositionsStorageFactory(), TestSettings.at(servers.uri()))
            .untilConnected();
  }

  @AfterAll
  static void closes() {
    other.close();
    open.close();
    servers.close();
  }

  @Override
  protected CoordinationStore store() {
    return open.coordination();
  }

  @Override
  protected CoordinationStore second() {
    return other.coordination();
  }

  @Test
  void rowsOfAllMasters_areReadInOneCall() {
    var keys = IntStream.range(0, ROWS).mapToObj(i -> "n/row-" + i).toList();
    keys.forEach(
        key -> answer(store().replace(key, CoordinationStore.ABSENT, key.getBytes(UTF_8))));
    var found = answer(second().read(new HashSet<>(keys)));
    assertThat(found).hasSize(ROWS);
    keys.forEach(key -> assertThat(found.get(key).value()).asString(UTF_8).isEqualTo(key));
  }
}
