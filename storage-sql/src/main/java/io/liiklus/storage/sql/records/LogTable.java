package io.liiklus.storage.sql.records;

import io.liiklus.api.OffsetRange;
import io.liiklus.storage.sql.database.Tables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Statements on partitions and their ranges, the same for all databases. Immutable. */
record LogTable(Tables tables) {

  /** The partitions of a topic by number; empty where there is no such topic. */
  List<LogPlace> places(Connection connection, String topic) throws SQLException {
    var sql = "select part, id from " + tables.log() + " where topic = ? order by part";
    var places = new ArrayList<LogPlace>();
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, topic);
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          places.add(new LogPlace(found.getInt(1), found.getLong(2)));
        }
      }
    }
    return places;
  }

  /** Names of all topics. */
  Set<String> topics(Connection connection) throws SQLException {
    var names = new HashSet<String>();
    try (var statement = connection.prepareStatement("select distinct topic from " + tables.log());
        var found = statement.executeQuery()) {
      while (found.next()) {
        names.add(found.getString(1));
      }
    }
    return names;
  }

  /** Adds the partitions from 0 on that are missing. */
  void create(Connection connection, String topic, int partitions) throws SQLException {
    var sql = "insert into " + tables.log() + " (topic, part) values (?, ?) on conflict do nothing";
    try (var statement = connection.prepareStatement(sql)) {
      for (int partition = 0; partition < partitions; partition++) {
        statement.setString(1, topic);
        statement.setInt(2, partition);
        statement.addBatch();
      }
      statement.executeBatch();
    }
  }

  /** Ranges of a topic by partition. */
  Map<Integer, OffsetRange> ranges(Connection connection, String topic) throws SQLException {
    var sql = "select part, start_off, end_off from " + tables.log() + " where topic = ?";
    var ranges = new HashMap<Integer, OffsetRange>();
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, topic);
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          ranges.put(found.getInt(1), new OffsetRange(found.getLong(2), found.getLong(3)));
        }
      }
    }
    return ranges;
  }

  /** Null where there is no such log. */
  OffsetRange range(Connection connection, long log) throws SQLException {
    var sql = "select start_off, end_off from " + tables.log() + " where id = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, log);
      try (var found = statement.executeQuery()) {
        return found.next() ? new OffsetRange(found.getLong(1), found.getLong(2)) : null;
      }
    }
  }

  /** Ends of these logs, without those that are not there. For databases with arrays. */
  Map<Long, Long> ends(Connection connection, Long[] logs) throws SQLException {
    var sql = "select id, end_off from " + tables.log() + " where id = any(?)";
    var ends = new HashMap<Long, Long>();
    try (var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("bigint", logs));
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          ends.put(found.getLong(1), found.getLong(2));
        }
      }
    }
    return ends;
  }
}
