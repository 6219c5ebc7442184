package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;

/** Number of the tables' format, in the database itself. Immutable. */
final class TableFormat {

  private TableFormat() {}

  /**
   * Whether the database has no tables of this prefix.
   *
   * @param sql asks for the number of tables of a name
   */
  static boolean isNew(Connection connection, Tables tables, String sql) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, tables.meta());
      try (var found = statement.executeQuery()) {
        return !found.next() || found.getInt(1) == 0;
      }
    }
  }

  static void write(Connection connection, Tables tables) throws SQLException {
    var sql =
        "insert into "
            + tables.meta()
            + " (name, value) values ('format', ?)"
            + " on conflict (name) do nothing";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, Tables.FORMAT);
      statement.executeUpdate();
    }
  }

  /**
   * @param place of the database, for the text
   * @throws StorageException where a newer liiklus made the tables
   */
  static void require(Connection connection, Tables tables, String place) throws SQLException {
    var sql = "select value from " + tables.meta() + " where name = 'format'";
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      long format = found.next() ? found.getLong(1) : 0;
      if (format != Tables.FORMAT) {
        throw new StorageException(
            Kind.PRECONDITION,
            ("%s has tables of format %d, and this liiklus knows format %d; update liiklus, or set"
                    + " another sql.tablePrefix; nothing was changed")
                .formatted(place, format, Tables.FORMAT));
      }
    }
  }
}
