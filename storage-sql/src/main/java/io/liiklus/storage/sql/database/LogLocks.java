package io.liiklus.storage.sql.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Statements on the locks of logs in PostgreSQL, which transactions of others may hold for long.
 * Immutable.
 */
public record LogLocks(Tables tables) {

  /** How long an append waits for its log, before others are served without it. */
  static final Duration APPEND_WAIT = Duration.ofMillis(100);

  /**
   * Rest of a condition that finds a log's row: bounds the wait for its lock, in this transaction
   * alone and without a statement of its own.
   */
  public static final String BOUNDED =
      " and set_config('lock_timeout', '" + APPEND_WAIT.toMillis() + "', true) <> ''";

  /** Bounds each wait for a lock, from here to the end of the transaction. */
  public static void boundWaits(Connection connection) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute("set local lock_timeout = " + APPEND_WAIT.toMillis());
    }
  }

  /** Locks those of the logs that nobody has locked, without a wait, and returns them. */
  Set<Long> lockFree(Connection connection, Collection<Long> logs) throws SQLException {
    var sql =
        "select id from %s where id = any(?) order by id for no key update skip locked"
            .formatted(tables.log());
    var free = new HashSet<Long>();
    try (var statement = connection.prepareStatement(sql)) {
      statement.setArray(1, connection.createArrayOf("bigint", logs.toArray(Long[]::new)));
      try (var found = statement.executeQuery()) {
        while (found.next()) {
          free.add(found.getLong(1));
        }
      }
    }
    return free;
  }

  /** Locks a log, if it is there. Fails where it is not unlocked in time. */
  void lock(Connection connection, long log, Duration wait) throws SQLException {
    var sql =
        ("select id from %s where id = ? and set_config('lock_timeout', ?, true) <> ''"
                + " for no key update")
            .formatted(tables.log());
    try (var statement = connection.prepareStatement(sql)) {
      statement.setLong(1, log);
      statement.setString(2, Long.toString(wait.toMillis()));
      statement.executeQuery().close();
    }
  }
}
