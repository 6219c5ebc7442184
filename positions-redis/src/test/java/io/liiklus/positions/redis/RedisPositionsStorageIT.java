package io.liiklus.positions.redis;

import io.liiklus.api.OpenPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.testing.SharedRedis;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisPositionsStorageIT extends PositionsStorageContract {

  private static OpenPositions open;
  private static OpenPositions second;

  @BeforeAll
  static void opens() {
    var settings =
        TestSettings.at(SharedRedis.server().uri())
            .with("positionsProperties.prefix", "contract[*]:");
    open = OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected();
    second = OpenPositions.open(new RedisPositionsStorageFactory(), settings).untilConnected();
  }

  @AfterAll
  static void closes() {
    second.close();
    open.close();
  }

  @Override
  protected PositionsStorage storage() {
    return open.storage();
  }

  @Override
  protected Optional<PositionsStorage> second() {
    return Optional.of(second.storage());
  }
}
