package io.liiklus.positions.redis;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.testing.SharedRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class RedisPositionsStorageIT extends PositionsStorageContract {

  private static OpenStorage open;

  @BeforeAll
  static void opens() {
    var settings =
        TestSettings.at(SharedRedis.server().uri())
            .with("positionsProperties.prefix", "contract[*]:");
    open = OpenStorage.open(settings).untilConnected();
  }

  @AfterAll
  static void closes() {
    open.close();
  }

  @Override
  protected PositionsStorage storage() {
    return open.storage();
  }
}
