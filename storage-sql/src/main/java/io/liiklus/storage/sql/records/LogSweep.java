package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.Retention;
import io.liiklus.storage.sql.records.RecordTable.LogSlice;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The oldest records of one log that retention lets go of, up to a bound. Immutable.
 *
 * @param start of the log before, by which it is seen whether another gateway was faster
 * @param newStart of the log afterwards; equal to the start where all stay
 * @param freedBytes of these records
 */
record LogSweep(long log, long start, long newStart, long freedBytes) {

  /** Bytes of a record's columns, as they were counted when it was appended. */
  private static final String SIZE =
      "coalesce(length(key), 0) + coalesce(length(value), 0) + coalesce(length(headers), 0)";

  /**
   * A log as its row has it.
   *
   * @param bytes of all its records
   */
  record LogRow(long id, long start, long bytes) {}

  boolean isEmpty() {
    return newStart == start;
  }

  /** The next sweep goes on where this one met its bound. */
  boolean isCut(int count) {
    return newStart - start >= count;
  }

  /**
   * @param nowMs by which records are old
   * @param count of records that are looked at
   */
  static LogSweep find(
      Connection connection,
      RecordTable records,
      LogRow row,
      Retention retention,
      long nowMs,
      int count)
      throws SQLException {
    long oldestMs = nowMs - retention.time().toMillis();
    long newStart = row.start();
    long freed = 0;
    var slice = new LogSlice(row.id(), row.start(), count);
    try (var statement = records.select(connection, "off, time, " + SIZE, slice);
        var found = statement.executeQuery()) {
      while (found.next()) {
        boolean isOld = !retention.time().isZero() && found.getLong(2) < oldestMs;
        boolean isTooMuch = retention.bytes() > 0 && row.bytes() - freed > retention.bytes();
        if (!isOld && !isTooMuch) {
          break;
        }
        newStart = found.getLong(1) + 1;
        freed += found.getLong(3);
      }
    }
    return new LogSweep(row.id(), row.start(), newStart, freed);
  }
}
