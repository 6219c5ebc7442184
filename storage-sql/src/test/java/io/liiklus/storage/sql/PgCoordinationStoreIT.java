package io.liiklus.storage.sql;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStoreContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PgCoordinationStoreIT extends CoordinationStoreContract {

  private static PositionsPair storages;

  @BeforeAll
  static void open() {
    storages = PositionsPair.onPostgres();
  }

  @AfterAll
  static void close() {
    storages.close();
  }

  @Override
  protected CoordinationStore store() {
    return storages.first().coordination().orElseThrow();
  }

  @Override
  protected CoordinationStore second() {
    return storages.second().coordination().orElseThrow();
  }
}
