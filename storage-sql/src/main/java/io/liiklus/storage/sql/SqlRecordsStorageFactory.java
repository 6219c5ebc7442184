package io.liiklus.storage.sql;

import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.storage.group.GroupedRecordsStorage;
import io.liiklus.storage.sql.coordination.SqlCoordinationStore;
import io.liiklus.storage.sql.database.DatabaseSettings;
import io.liiklus.storage.sql.database.SqlDatabase;
import io.liiklus.storage.sql.records.RecordsSettings;
import io.liiklus.storage.sql.records.SqlLogs;
import java.util.List;
import java.util.function.BiFunction;

/** Factory of a records storage over {@link SqlLogs}. Immutable. */
public final class SqlRecordsStorageFactory implements RecordsStorageFactory {

  static final String TYPE = "SQL";
  static final String ROOT = "sql";
  static final List<String> CONFIGURED_BY = List.of("url");

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public String settingsRoot() {
    return ROOT;
  }

  @Override
  public List<String> configuredBy() {
    return CONFIGURED_BY;
  }

  @Override
  public void check(Settings settings) {
    DatabaseSettings.read(settings);
    RecordsSettings.read(settings);
  }

  /** Groups are coordinated in the same database, whatever the positions are in. */
  @Override
  public RecordsStorage open(Settings settings, StorageContext context) {
    var records = RecordsSettings.read(settings);
    if (!context.isReadOnly()) {
      return start(DatabaseSettings.read(settings), records, SqlRecordsStorageFactory::group);
    }
    var database = DatabaseSettings.read(settings).readOnly();
    database.requireFile();
    return start(database, records.withoutRetention(), SqlRecordsStorageFactory::group);
  }

  /**
   * Starts all, or nothing.
   *
   * @param grouping what is made of the logs
   */
  static RecordsStorage start(
      DatabaseSettings settings,
      RecordsSettings records,
      BiFunction<SqlLogs, RecordsSettings, RecordsStorage> grouping) {
    var database = SqlDatabase.acquire(settings);
    SqlLogs logs = null;
    try {
      logs = SqlLogs.start(database, records);
      return grouping.apply(logs, records);
    } catch (RuntimeException | Error failure) {
      if (logs == null) {
        database.release();
      } else {
        logs.close();
      }
      throw failure;
    }
  }

  private static RecordsStorage group(SqlLogs logs, RecordsSettings records) {
    return GroupedRecordsStorage.start(
        logs,
        new SqlCoordinationStore(logs.database()),
        records.reading(),
        records.groups(),
        records.subscriptions());
  }

  @Override
  public String place(Settings settings) {
    return DatabaseSettings.read(settings).place();
  }
}
