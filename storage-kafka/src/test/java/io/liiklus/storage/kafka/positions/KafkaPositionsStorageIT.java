package io.liiklus.storage.kafka.positions;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.testing.SharedKafka;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of positions storages, on a real broker. */
class KafkaPositionsStorageIT extends PositionsStorageContract {

  private static PositionsFixture open;
  private static PositionsFixture second;

  @BeforeAll
  static void opens() {
    var settings =
        PositionsFixture.settings(SharedKafka.cluster().bootstrapServers(), "positions-contract");
    open = PositionsFixture.open(settings).untilReady();
    second = PositionsFixture.open(settings).untilReady();
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
