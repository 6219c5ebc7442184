package io.liiklus.storage.sql;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Another program that has the file open, as the shell {@code sqlite3}. Confined to a thread. */
final class Sqlite implements AutoCloseable {

  private final Connection connection;

  private Sqlite(Connection connection) {
    this.connection = connection;
  }

  static Sqlite open(Path file) throws SQLException {
    return new Sqlite(DriverManager.getConnection("jdbc:sqlite:" + file));
  }

  void run(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** The first number of the answer. */
  long ask(String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      found.next();
      return found.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
