package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Records in SQLite, where their key is one number. Immutable. */
record SqliteRecordTable(Tables tables) implements RecordTable {

  private static final int OFFSET_BITS = 40;

  /** Pages of 4 KiB that are given back to the disk at once. */
  private static final int SHRINK_PAGES = 2_000;

  private static long key(long log, long offset) {
    return (log << OFFSET_BITS) + offset;
  }

  @Override
  public long append(Connection connection, long log, List<Append> records) throws SQLException {
    long first = reserve(connection, log, records);
    if (first == NO_LOG) {
      return NO_LOG;
    }
    var sql =
        "insert into "
            + tables.record()
            + " (id, time, key, value, headers)"
            + " values (?, ?, ?, ?, ?)";
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < records.size(); i++) {
        var record = records.get(i);
        statement.setLong(1, key(log, first + i));
        statement.setLong(2, record.timestamp());
        statement.setBytes(3, record.key());
        statement.setBytes(4, record.value());
        statement.setBytes(5, record.headers());
        statement.executeUpdate();
      }
    }
    return first;
  }

  /** The only writer there is: nobody comes between the two statements. */
  private long reserve(Connection connection, long log, List<Append> records) throws SQLException {
    var sql =
        "update "
            + tables.log()
            + " set end_off = end_off + ?, bytes = bytes + ?"
            + " where id = ? returning end_off";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, records.size());
      statement.setLong(2, RecordTable.bytes(records));
      statement.setLong(3, log);
      try (var found = statement.executeQuery()) {
        return found.next() ? found.getLong(1) - records.size() : NO_LOG;
      }
    }
  }

  @Override
  public PreparedStatement select(Connection connection, String columns, LogSlice slice)
      throws SQLException {
    var statement =
        connection.prepareStatement(
            "select "
                + columns
                + " from (select id & "
                + key(1, -1)
                + " as off, time, key, value, headers from "
                + tables.record()
                + " where id >= ? and id < ? order by id limit ?)");
    statement.setLong(1, key(slice.log(), slice.from()));
    statement.setLong(2, key(slice.log() + 1, 0));
    statement.setInt(3, slice.count());
    return statement;
  }

  @Override
  public String moveStart() {
    return "update %s set start_off = ?, bytes = bytes - ? where id = ? and start_off = ?"
        .formatted(tables.log());
  }

  @Override
  public void deleteBefore(Connection connection, long log, long offset) throws SQLException {
    var sql = "delete from " + tables.record() + " where id >= ? and id < ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, key(log, 0));
      statement.setLong(2, key(log, offset));
      statement.executeUpdate();
    }
  }

  @Override
  public void shrink(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      // An update, so that the driver runs it to its end and not for one page.
      statement.executeUpdate("pragma incremental_vacuum(" + SHRINK_PAGES + ")");
    }
  }
}
