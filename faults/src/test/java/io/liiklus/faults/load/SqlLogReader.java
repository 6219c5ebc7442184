package io.liiklus.faults.load;

import com.google.protobuf.ByteString;
import io.liiklus.faults.journal.LogContents;
import io.liiklus.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;

/** Reader of a topic's tables as they are now, past the gateway. Immutable. */
final class SqlLogReader {

  private static final String STARTS = "select part, start_off from liiklus_log where topic = ?";
  private static final String RECORDS =
      "select log.part, record.off, record.value from liiklus_record record"
          + " join liiklus_log log on log.id = record.log where log.topic = ?";

  private SqlLogReader() {}

  static LogContents read(PostgresServer postgres, String topic) {
    try (var connection = postgres.connect(PostgresServer.DATABASE)) {
      var contents = new LogContents();
      addStarts(connection, topic, contents);
      addRecords(connection, topic, contents);
      return contents;
    } catch (SQLException e) {
      throw new IllegalStateException("the log cannot be read", e);
    }
  }

  private static void addStarts(Connection connection, String topic, LogContents contents)
      throws SQLException {
    try (var statement = connection.prepareStatement(STARTS)) {
      statement.setString(1, topic);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          contents.startingAt(rows.getInt(1), rows.getLong(2));
        }
      }
    }
  }

  private static void addRecords(Connection connection, String topic, LogContents contents)
      throws SQLException {
    try (var statement = connection.prepareStatement(RECORDS)) {
      statement.setString(1, topic);
      try (var rows = statement.executeQuery()) {
        while (rows.next()) {
          var id = Publisher.id(ByteString.copyFrom(rows.getBytes(3)));
          contents.with(rows.getInt(1), rows.getLong(2), id);
        }
      }
    }
  }
}
