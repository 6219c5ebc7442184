package io.liiklus.storage.sql;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.storage.sql.database.DatabaseSettings;
import io.liiklus.storage.sql.database.SqlDatabase;
import io.liiklus.storage.sql.positions.SqlPositionsStorage;
import java.util.List;

/** Factory of {@link SqlPositionsStorage}. Immutable. */
public final class SqlPositionsStorageFactory implements PositionsStorageFactory {

  @Override
  public String type() {
    return SqlRecordsStorageFactory.TYPE;
  }

  @Override
  public String settingsRoot() {
    return SqlRecordsStorageFactory.ROOT;
  }

  @Override
  public List<String> configuredBy() {
    return SqlRecordsStorageFactory.CONFIGURED_BY;
  }

  @Override
  public void check(Settings settings) {
    DatabaseSettings.read(settings);
  }

  @Override
  public PositionsStorage open(Settings settings, StorageContext context) {
    return new SqlPositionsStorage(SqlDatabase.acquire(DatabaseSettings.read(settings)));
  }
}
