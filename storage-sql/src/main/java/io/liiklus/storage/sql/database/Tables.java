package io.liiklus.storage.sql.database;

/**
 * Names of the tables. Immutable.
 *
 * @param prefix of each name
 * @param isToCreate whether the gateway creates those that are missing
 */
public record Tables(String prefix, boolean isToCreate) {

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
