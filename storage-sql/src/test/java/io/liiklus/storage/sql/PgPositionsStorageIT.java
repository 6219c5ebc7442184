package io.liiklus.storage.sql;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageContract;
import io.liiklus.api.StorageContext;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PgPositionsStorageIT extends PositionsStorageContract {

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
  protected PositionsStorage storage() {
    return storage;
  }

  @Override
  protected Optional<PositionsStorage> second() {
    return Optional.of(second);
  }
}
