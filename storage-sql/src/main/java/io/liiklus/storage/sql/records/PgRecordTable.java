package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.LogLocks;
import io.liiklus.storage.sql.database.Tables;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** Records in PostgreSQL. Immutable. */
record PgRecordTable(Tables tables) implements RecordTable {

  /** Rows that the server sends at once: a whole slice may have far more bytes than are wanted. */
  private static final int FETCH_SIZE = 50;

  @Override
  public long append(Connection connection, long log, List<Append> records) throws SQLException {
    var sql =
        "with place as (update "
            + tables.log()
            + " set end_off = end_off + ?, bytes = bytes + ? where id = ?"
            + LogLocks.BOUNDED
            + " returning id, end_off - ? as first), added as (insert into "
            + tables.record()
            + " (log, off, time, key, value, headers)"
            + " select place.id, place.first + r.n - 1, r.time, r.key, r.value, r.headers"
            + " from place, unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[])"
            + " with ordinality as r(time, key, value, headers, n))"
            + " select first from place";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, records.size());
      statement.setLong(2, RecordTable.bytes(records));
      statement.setLong(3, log);
      statement.setLong(4, records.size());
      var times = records.stream().map(Append::timestamp).toArray(Long[]::new);
      statement.setArray(5, connection.createArrayOf("bigint", times));
      statement.setArray(6, bytes(connection, records, Append::key));
      statement.setArray(7, bytes(connection, records, Append::value));
      statement.setArray(8, bytes(connection, records, Append::headers));
      try (var found = statement.executeQuery()) {
        return found.next() ? found.getLong(1) : NO_LOG;
      }
    }
  }

  private static java.sql.Array bytes(
      Connection connection, List<Append> records, Function<Append, byte[]> column)
      throws SQLException {
    return connection.createArrayOf("bytea", records.stream().map(column).toArray(byte[][]::new));
  }

  @Override
  public PreparedStatement select(Connection connection, String columns, LogSlice slice)
      throws SQLException {
    var statement =
        connection.prepareStatement(
            "select "
                + columns
                + " from "
                + tables.record()
                + " where log = ? and off >= ? order by off limit ?");
    statement.setLong(1, slice.log());
    statement.setLong(2, slice.from());
    statement.setInt(3, slice.count());
    statement.setFetchSize(FETCH_SIZE);
    return statement;
  }

  /** A log that somebody has locked waits for the next sweep: other changes are behind this one. */
  @Override
  public String moveStart() {
    return "update %1$s set start_off = ?, bytes = bytes - ? where id = (select id from %1$s where id = ? and start_off = ? for no key update skip locked)"
        .formatted(tables.log());
  }

  @Override
  public void deleteBefore(Connection connection, long log, long offset) throws SQLException {
    var sql = "delete from " + tables.record() + " where log = ? and off < ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, log);
      statement.setLong(2, offset);
      statement.executeUpdate();
    }
  }
}
