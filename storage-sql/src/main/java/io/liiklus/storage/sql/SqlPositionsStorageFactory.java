package io.liiklus.storage.sql;

import io.liiklus.api.PositionsStorage;
import io.liiklus.api.PositionsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.sql.database.DatabaseSettings;
import io.liiklus.storage.sql.database.SqlDatabase;
import io.liiklus.storage.sql.positions.AbsentPositions;
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
  public String place(Settings settings) {
    return DatabaseSettings.read(settings).place();
  }

  @Override
  public PositionsStorage open(Settings settings, StorageContext context) {
    var database = DatabaseSettings.read(settings);
    if (!context.isReadOnly()) {
      return new SqlPositionsStorage(SqlDatabase.acquire(database));
    }
    try {
      database.requireFile();
      return new SqlPositionsStorage(SqlDatabase.acquire(database.readOnly()));
    } catch (StorageException failure) {
      if (failure.kind() != Kind.UNKNOWN_TOPIC) {
        throw failure;
      }
      return new AbsentPositions(failure);
    }
  }
}
