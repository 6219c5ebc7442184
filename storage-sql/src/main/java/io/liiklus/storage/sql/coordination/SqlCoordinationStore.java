package io.liiklus.storage.sql.coordination;

import io.liiklus.api.CoordinationStore;
import io.liiklus.storage.sql.database.SqlDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Coordination rows in a database. Thread-safe. */
public final class SqlCoordinationStore implements CoordinationStore {

  private final SqlDatabase database;
  private final ReplacementKind kind;

  /**
   * @param database its owner releases it
   */
  public SqlCoordinationStore(SqlDatabase database) {
    this.database = database;
    this.kind = new ReplacementKind(database.tables(), database.isEmbedded());
  }

  @Override
  public CompletionStage<Map<String, Row>> read(Set<String> keys) {
    return keys.isEmpty()
        ? CompletableFuture.completedStage(Map.of())
        : database.ask(connection -> read(connection, keys));
  }

  private Map<String, Row> read(Connection connection, Set<String> keys) throws SQLException {
    var places = "?" + ", ?".repeat(keys.size() - 1);
    var sql =
        "select key, version, value from %s where key in (%s)"
            .formatted(database.tables().coordination(), places);
    var rows = new HashMap<String, Row>();
    try (var statement = connection.prepareStatement(sql)) {
      int place = 1;
      for (var key : keys) {
        statement.setString(place++, key);
      }
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          rows.put(found.getString(1), new Row(found.getLong(2), found.getBytes(3)));
        }
      }
    }
    return rows;
  }

  @Override
  public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
    var change =
        new Replacement(
            kind, key, new Row(version, value), database.settings().timeouts().statement());
    database.write(change);
    return change;
  }
}
