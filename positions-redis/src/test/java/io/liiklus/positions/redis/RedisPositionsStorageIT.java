package io.liiklus.positions.redis;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.testing.SharedRedis;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisPositionsStorageIT extends PositionsStorageContract {

  private static OpenStorage open;
  private static OpenStorage second;

  @BeforeAll
  static void opens() {
    var settings =
        TestSettings.at(SharedRedis.server().uri())
            .with("positionsProperties.prefix", "contract[*]:");
    open = OpenStorage.open(settings).untilConnected();
    second = OpenStorage.open(settings).untilConnected();
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
