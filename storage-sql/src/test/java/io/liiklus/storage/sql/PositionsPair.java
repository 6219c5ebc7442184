package io.liiklus.storage.sql;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;

/** Two openers of the positions of a new database. Thread-safe. */
record PositionsPair(PositionsStorage first, PositionsStorage second) implements AutoCloseable {

  static PositionsPair inNewFile() {
    var settings = TestSettings.ofNewFile();
    return open(settings, settings);
  }

  static PositionsPair onPostgres() {
    var database = new PgDatabase();
    return open(database.settings("first"), database.settings("second"));
  }

  private static PositionsPair open(Settings first, Settings second) {
    var factory = new SqlPositionsStorageFactory();
    return new PositionsPair(
        factory.open(first, StorageContext.NONE), factory.open(second, StorageContext.NONE));
  }

  @Override
  public void close() {
    second.close();
    first.close();
  }
}
