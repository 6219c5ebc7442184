package io.liiklus.storage.sql;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class SqlitePositionsStorageIT extends PositionsStorageContract {

  private static PositionsPair storages;

  @BeforeAll
  static void open() {
    storages = PositionsPair.inNewFile();
  }

  @AfterAll
  static void close() {
    storages.close();
  }

  @Override
  protected PositionsStorage storage() {
    return storages.first();
  }

  @Override
  protected Optional<PositionsStorage> second() {
    return Optional.of(storages.second());
  }
}
