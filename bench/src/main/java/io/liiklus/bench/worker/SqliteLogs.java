package io.liiklus.bench.worker;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * Logs in an SQLite file: a commit is in its write-ahead log and synced. Confined to one thread.
 */
final class SqliteLogs extends JdbcLogs {

  private static final int OFFSET_BITS = 40;

  private final PreparedStatement reserve;
  private final PreparedStatement insert;
  private final PreparedStatement select;

  private SqliteLogs(String prefix, Connection connection) throws SQLException {
    super(prefix, connection);
    createTables();
    commit();
    reserve =
        connection.prepareStatement(
            "update "
                + logTable()
                + " set end_off = end_off + ?, bytes = bytes + ? where id = ? returning end_off");
    insert =
        connection.prepareStatement(
            "insert into "
                + recordTable()
                + " (id, time, key, value, headers) values (?, ?, null, ?, null)");
    select =
        connection.prepareStatement(
            "select "
                + COLUMNS
                + " from (select id & "
                + ((1L << OFFSET_BITS) - 1)
                + " as off, time, key, value, headers from "
                + recordTable()
                + " where id >= ? and id < ? order by id limit ?)");
  }

  static SqliteLogs open(String url, String prefix) throws SQLException {
    var connection = DriverManager.getConnection(url);
    try (var statement = connection.createStatement()) {
      for (var pragma :
          new String[] {
            "auto_vacuum = incremental",
            "busy_timeout = 5000",
            "journal_mode = wal",
            "synchronous = full",
            "wal_autocheckpoint = 4000"
          }) {
        statement.execute("pragma " + pragma);
      }
    }
    return new SqliteLogs(prefix, connection);
  }

  @Override
  void createTables() throws SQLException {
    try (var statement = connection().createStatement()) {
      statement.executeUpdate(
          "create table if not exists "
              + logTable()
              + " (id integer primary key autoincrement, topic text not null,"
              + " part integer not null, start_off integer not null default 0,"
              + " end_off integer not null default 0, bytes integer not null default 0,"
              + " unique (topic, part))");
      statement.executeUpdate(
          "create table if not exists "
              + recordTable()
              + " (id integer primary key, time integer not null, key blob, value blob,"
              + " headers blob)");
    }
  }

  private static long key(long log, long offset) {
    return (log << OFFSET_BITS) + offset;
  }

  @Override
  void append(long log, byte[][] values) throws SQLException {
    long bytes = 0;
    for (var value : values) {
      bytes += value.length;
    }
    reserve.setLong(1, values.length);
    reserve.setLong(2, bytes);
    reserve.setLong(3, log);
    long offset;
    try (var found = reserve.executeQuery()) {
      found.next();
      offset = found.getLong(1) - values.length;
    }
    for (var value : values) {
      insert.setLong(1, key(log, offset++));
      insert.setLong(2, System.currentTimeMillis());
      insert.setBytes(3, value);
      insert.executeUpdate();
    }
  }

  @Override
  PreparedStatement select(long log, long from, int limit) throws SQLException {
    select.setLong(1, key(log, from));
    select.setLong(2, key(log + 1, 0));
    select.setInt(3, limit);
    return select;
  }
}
