package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;

/**
 * Names of the tables. Immutable.
 *
 * @param prefix of each name
 * @param isToCreate whether the gateway creates those that are missing
 * @param isReadOnly whether they are opened to be read alone
 */
public record Tables(String prefix, boolean isToCreate, boolean isReadOnly) {

  /** The same, to be read alone: nothing is created. */
  Tables readOnly() {
    return new Tables(prefix, false, true);
  }

  /**
   * Failure where they are not there and are not created.
   *
   * @param place of the database, for the text
   */
  StorageException missing(String place) {
    var text =
        "%s has no tables whose names begin with %s (sql.tablePrefix)".formatted(place, prefix);
    return isReadOnly
        ? new StorageException(Kind.UNKNOWN_TOPIC, text)
        : new StorageException(
            Kind.PRECONDITION, text + "; set sql.createTables = true, or create the tables");
  }

  /**
   * Numbers by name: {@link #FORMAT}, SQLite's last version of a coordination row, and what the
   * outbox of PostgreSQL goes by.
   */
  public String meta() {
    return prefix + "meta";
  }

  /** A row for each partition, with its range. */
  public String log() {
    return prefix + "log";
  }

  /** A row for each record. */
  public String record() {
    return prefix + "record";
  }

  public String position() {
    return prefix + "position";
  }

  public String coordination() {
    return prefix + "coordination";
  }

  /** Function by which applications publish in their own transactions; only in PostgreSQL. */
  public String publish() {
    return prefix + "publish";
  }

  /** Versions of coordination rows; only where the database has sequences. */
  public String versions() {
    return prefix + "version";
  }

  /** Format of the tables, in the table of numbers; a gateway opens no newer one. */
  public static final int FORMAT = 1;
}
