package io.liiklus.storage.sql;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStoreContract;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PgCoordinationStoreIT extends CoordinationStoreContract {

  private static PositionsStorage storage;
  private static PositionsStorage second;

  @BeforeAll
  static void open() {
    var database = new PgDatabase();
    storage =
        new SqlPositionsStorageFactory().open(database.settings("first"), StorageContext.NONE);
    second =
        new SqlPositionsStorageFactory().open(database.settings("second"), StorageContext.NONE);
  }

  @AfterAll
  static void close() {
    second.close();
    storage.close();
  }

  @Override
  protected CoordinationStore store() {
    return storage.coordination().orElseThrow();
  }

  @Override
  protected CoordinationStore second() {
    return second.coordination().orElseThrow();
  }
}
