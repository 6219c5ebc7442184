package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * Logs in a database, with the tables and the durability of the gateway's, over one connection.
 * Confined to one thread.
 */
abstract class JdbcLogs implements AutoCloseable {

  /** Of the tables of a bare client, which are beside those of the gateway. */
  static final String BARE = "bare_";

  /** Of the gateway's. */
  static final String GATEWAY = "liiklus_";

  static final String COLUMNS = "off, time, key, value, headers";

  /** Called with each record. */
  interface Reader {
    void record(long offset, byte[] value) throws SQLException;
  }

  private final String prefix;
  private final Connection connection;

  JdbcLogs(String prefix, Connection connection) throws SQLException {
    this.prefix = prefix;
    this.connection = connection;
    connection.setAutoCommit(false);
  }

  /** The database of {@code url}, {@code user} and {@code password}. */
  static JdbcLogs open(WorkOrder order, String prefix) throws SQLException {
    var url = order.text("url");
    return url.startsWith("jdbc:sqlite:")
        ? SqliteLogs.open(url, prefix)
        : PostgresLogs.open(url, order.text("user"), order.text("password"), prefix);
  }

  final Connection connection() {
    return connection;
  }

  final String logTable() {
    return prefix + "log";
  }

  final String recordTable() {
    return prefix + "record";
  }

  /** Makes the tables and the partitions of a topic, and empties them where they are there. */
  final void create(String topic, int partitions) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate("drop table if exists " + logTable());
      statement.executeUpdate("drop table if exists " + recordTable());
      createTables();
      for (int partition = 0; partition < partitions; partition++) {
        statement.executeUpdate(
            "insert into %s (topic, part) values ('%s', %d)"
                .formatted(logTable(), topic, partition));
      }
    }
    commit();
  }

  abstract void createTables() throws SQLException;

  /** The logs of a topic by partition. */
  final Map<Integer, Long> logs(String topic) throws SQLException {
    var logs = new TreeMap<Integer, Long>();
    var sql = "select part, id from " + logTable() + " where topic = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, topic);
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          logs.put(found.getInt(1), found.getLong(2));
        }
      }
    }
    commit();
    return logs;
  }

  /** Appends so many equal records to a log, in the transaction that is open. */
  final void append(long log, byte[] value, int count) throws SQLException {
    var values = new byte[count][];
    Arrays.fill(values, value);
    append(log, values);
  }

  /** As {@link #append(long, byte[], int)}, of different records. */
  abstract void append(long log, byte[][] values) throws SQLException;

  /**
   * Reads the records of a log from an offset on, all columns of them.
   *
   * @return how many there were
   */
  final int read(long log, long from, int limit, Reader reader) throws SQLException {
    int count = 0;
    try (var found = select(log, from, limit).executeQuery()) {
      while (found.next()) {
        long offset = found.getLong(1);
        found.getLong(2);
        found.getBytes(3);
        var value = found.getBytes(4);
        found.getBytes(5);
        reader.record(offset, value);
        count++;
      }
    }
    commit();
    return count;
  }

  /** The same statement each time, with other numbers. */
  abstract PreparedStatement select(long log, long from, int limit) throws SQLException;

  final void commit() throws SQLException {
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
