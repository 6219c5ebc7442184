package io.liiklus.storage.sql.positions;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.storage.sql.database.ChangeKind;
import io.liiklus.storage.sql.database.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Statements on positions, the same for all databases. Immutable. */
record PositionTable(Tables tables) implements ChangeKind<StorePositions> {

  /** The group version and partition of a row; rows are locked in this order. */
  private record Key(String topic, GroupId group, int partition) implements Comparable<Key> {

    @Override
    public int compareTo(Key other) {
      int byTopic = topic.compareTo(other.topic);
      if (byTopic != 0) {
        return byTopic;
      }
      int byGroup = group.compareTo(other.group);
      return byGroup != 0 ? byGroup : Integer.compare(partition, other.partition);
    }
  }

  private record Group(String topic, GroupId id) {}

  @Override
  public int order() {
    return POSITIONS;
  }

  /** Of several values of a row the last is written. */
  @Override
  public void apply(Connection connection, List<StorePositions> changes) throws SQLException {
    var rows = new TreeMap<Key, Long>();
    for (var change : changes) {
      var stored = change.positions();
      stored
          .offsets()
          .forEach(
              (partition, offset) ->
                  rows.put(new Key(stored.topic(), stored.group(), partition), offset));
    }
    write(connection, rows);
  }

  private void write(Connection connection, SortedMap<Key, Long> rows) throws SQLException {
    var sql =
        "insert into "
            + tables.position()
            + " (topic, grp, version, part, pos) values (?, ?, ?, ?, ?)"
            + " on conflict (topic, grp, version, part) do update set pos = excluded.pos";
    try (var statement = connection.prepareStatement(sql)) {
      for (var row : rows.entrySet()) {
        statement.setString(1, row.getKey().topic());
        statement.setString(2, row.getKey().group().name());
        statement.setInt(3, row.getKey().group().version());
        statement.setInt(4, row.getKey().partition());
        statement.setLong(5, row.getValue());
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Of one group, by version and partition. */
  SortedMap<Integer, Map<Integer, Long>> find(Connection connection, String topic, String group)
      throws SQLException {
    var sql =
        "select version, part, pos from " + tables.position() + " where topic = ? and grp = ?";
    var versions = new TreeMap<Integer, Map<Integer, Long>>();
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, topic);
      statement.setString(2, group);
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          versions
              .computeIfAbsent(found.getInt(1), version -> new HashMap<>())
              .put(found.getInt(2), found.getLong(3));
        }
      }
    }
    return versions;
  }

  List<GroupPositions> findAll(Connection connection) throws SQLException {
    var sql = "select topic, grp, version, part, pos from " + tables.position();
    var groups = new HashMap<Group, Map<Integer, Long>>();
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      while (found.next()) {
        var group = new Group(found.getString(1), new GroupId(found.getString(2), found.getInt(3)));
        groups
            .computeIfAbsent(group, added -> new HashMap<>())
            .put(found.getInt(4), found.getLong(5));
      }
    }
    var all = new ArrayList<GroupPositions>();
    groups.forEach(
        (group, offsets) -> all.add(new GroupPositions(group.topic(), group.id(), offsets)));
    return all;
  }
}
