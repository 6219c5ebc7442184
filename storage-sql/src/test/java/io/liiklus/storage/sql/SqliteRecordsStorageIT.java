package io.liiklus.storage.sql;

import org.junit.jupiter.api.BeforeAll;

/** Two storages of one process, on one file. */
class SqliteRecordsStorageIT extends SqlRecordsStorageContract {

  @BeforeAll
  static void open() {
    var settings = TestSettings.ofNewFile();
    open(settings, settings);
  }
}
