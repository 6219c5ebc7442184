package io.liiklus.bench.worker;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;

/** Logs in PostgreSQL; durable as the server's settings say. Confined to one thread. */
final class PostgresLogs extends JdbcLogs {

  private final PreparedStatement append;
  private final PreparedStatement select;

  private PostgresLogs(String prefix, Connection connection) throws SQLException {
    super(prefix, connection);
    append =
        connection.prepareStatement(
            "with place as (update "
                + logTable()
                + " set end_off = end_off + ?, bytes = bytes + ? where id = ?"
                + " returning id, end_off - ? as first) insert into "
                + recordTable()
                + " (log, off, time, key, value, headers)"
                + " select place.id, place.first + r.n - 1, r.time, null, r.value, null"
                + " from place, unnest(?::bigint[], ?::bytea[])"
                + " with ordinality as r(time, value, n)");
    select =
        connection.prepareStatement(
            "select "
                + COLUMNS
                + " from "
                + recordTable()
                + " where log = ? and off >= ? order by off limit ?");
  }

  static PostgresLogs open(String url, String user, String password, String prefix)
      throws SQLException {
    return new PostgresLogs(prefix, DriverManager.getConnection(url, user, password));
  }

  @Override
  void createTables() throws SQLException {
    try (var statement = connection().createStatement()) {
      statement.executeUpdate(
          "create table if not exists "
              + logTable()
              + " (id bigint generated always as identity primary key, topic text not null,"
              + " part int not null, start_off bigint not null default 0,"
              + " end_off bigint not null default 0, bytes bigint not null default 0,"
              + " unique (topic, part)) with (fillfactor = 50)");
      statement.executeUpdate(
          "create table if not exists "
              + recordTable()
              + " (log bigint not null, off bigint not null, time bigint not null, key bytea,"
              + " value bytea, headers bytea, primary key (log, off))");
    }
  }

  @Override
  void append(long log, byte[][] values) throws SQLException {
    long bytes = 0;
    for (var value : values) {
      bytes += value.length;
    }
    var times = new Long[values.length];
    Arrays.fill(times, System.currentTimeMillis());
    append.setLong(1, values.length);
    append.setLong(2, bytes);
    append.setLong(3, log);
    append.setLong(4, values.length);
    append.setArray(5, connection().createArrayOf("bigint", times));
    append.setArray(6, connection().createArrayOf("bytea", values));
    append.executeUpdate();
  }

  @Override
  PreparedStatement select(long log, long from, int limit) throws SQLException {
    select.setLong(1, log);
    select.setLong(2, from);
    select.setInt(3, limit);
    return select;
  }
}
