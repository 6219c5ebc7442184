package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.SqlDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Statements on records, where databases differ. Immutable. */
interface RecordTable {

  /** Instead of an offset: there is no such log. */
  long NO_LOG = -1;

  static RecordTable of(SqlDatabase database) {
    return database.isEmbedded()
        ? new SqliteRecordTable(database.tables())
        : new PgRecordTable(database.tables());
  }

  /**
   * Appends records to a log, in their order. Offsets are taken from the log's row, whose lock then
   * orders the commits: who sees a record sees all before it. Fails where a server finds the row
   * locked for long.
   *
   * @return offset of the first, or {@link #NO_LOG}
   */
  long append(Connection connection, long log, List<Append> records) throws SQLException;

  /**
   * Columns of the records of a log that are at or behind an offset, in order.
   *
   * @param columns of {@code off}, {@code time}, {@code key}, {@code value}, {@code headers}, or
   *     what is made of them
   */
  PreparedStatement select(Connection connection, String columns, LogSlice slice)
      throws SQLException;

  /**
   * Statement that moves a log's start, where it is what it was: new start, bytes that are freed,
   * log, start before. Changes nothing where another gateway was faster.
   */
  String moveStart();

  /** Deletes the records of a log below an offset. */
  void deleteBefore(Connection connection, long log, long offset) throws SQLException;

  /** Room of deleted records is given back to the disk, some of it. */
  default void shrink(Connection connection) throws SQLException {}

  /**
   * A part of a log. Immutable.
   *
   * @param from the lowest offset
   * @param count the largest number of records
   */
  record LogSlice(long log, long from, int count) {}

  /** Bytes of all columns of these records. */
  static long bytes(List<Append> records) {
    return records.stream().mapToLong(Append::storedBytes).sum();
  }
}
