package io.liiklus.storage.sql.coordination;

import io.liiklus.api.CoordinationStore;
import io.liiklus.storage.sql.database.ChangeKind;
import io.liiklus.storage.sql.database.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * Changes coordination rows by compare-and-set. Versions come from one counter of the database, so
 * none repeats. Immutable.
 */
record ReplacementKind(Tables tables, boolean isEmbedded) implements ChangeKind<Replacement> {

  @Override
  public int order() {
    return COORDINATION;
  }

  @Override
  public void apply(Connection connection, List<Replacement> changes) throws SQLException {
    var ordered = new ArrayList<>(changes);
    // Stable: those of one key stay in their order.
    ordered.sort(Comparator.comparing(Replacement::key));
    for (var change : ordered) {
      change.answer(apply(connection, change));
    }
  }

  private OptionalLong apply(Connection connection, Replacement change) throws SQLException {
    if (change.value() == null) {
      return remove(connection, change)
          ? OptionalLong.of(CoordinationStore.ABSENT)
          : OptionalLong.empty();
    }
    long version = nextVersion(connection);
    boolean isChanged =
        change.version() == CoordinationStore.ABSENT
            ? insert(connection, change, version)
            : update(connection, change, version);
    return isChanged ? OptionalLong.of(version) : OptionalLong.empty();
  }

  private boolean remove(Connection connection, Replacement change) throws SQLException {
    if (change.version() == CoordinationStore.ABSENT) {
      return false;
    }
    var sql = "delete from " + tables.coordination() + " where key = ? and version = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, change.key());
      statement.setLong(2, change.version());
      return statement.executeUpdate() == 1;
    }
  }

  private boolean insert(Connection connection, Replacement change, long version)
      throws SQLException {
    var sql =
        "insert into "
            + tables.coordination()
            + " (key, version, value) values (?, ?, ?) on conflict do nothing";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, change.key());
      statement.setLong(2, version);
      statement.setBytes(3, change.value());
      return statement.executeUpdate() == 1;
    }
  }

  private boolean update(Connection connection, Replacement change, long version)
      throws SQLException {
    var sql =
        "update "
            + tables.coordination()
            + " set version = ?, value = ? where key = ? and version = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, version);
      statement.setBytes(2, change.value());
      statement.setString(3, change.key());
      statement.setLong(4, change.version());
      return statement.executeUpdate() == 1;
    }
  }

  /** Never given again, committed or not. */
  private long nextVersion(Connection connection) throws SQLException {
    var sql =
        isEmbedded
            ? "update "
                + tables.meta()
                + " set value = value + 1 where name = 'version' returning value"
            : "select nextval('" + tables.versions() + "')";
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      found.next();
      return found.getLong(1);
    }
  }
}
