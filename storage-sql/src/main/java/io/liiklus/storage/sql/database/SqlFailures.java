package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.EnumSet;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What a failure of the database means to a caller. Immutable. */
final class SqlFailures {

  /** Of SQLSTATE: transactions that were rolled back for others, or by a constraint. */
  private static final Set<String> ROLLED_BACK = Set.of("40", "23");

  private static final String READ_ONLY = "25006";
  private static final String NO_RIGHT = "42501";
  private static final String NO_TABLE = "42P01";
  private static final String NO_SCHEMA = "3F000";
  private static final String CANCELLED = "57014";
  private static final String IDLE_IN_TRANSACTION = "25P03";
  private static final String LOCKED = "55P03";

  private static final Set<SQLiteErrorCode> OF_ITS_FILE =
      EnumSet.of(
          SQLiteErrorCode.SQLITE_IOERR,
          SQLiteErrorCode.SQLITE_CANTOPEN,
          SQLiteErrorCode.SQLITE_READONLY);

  private SqlFailures() {}

  static StorageException of(Throwable failure) {
    for (var cause : Causes.of(failure)) {
      if (cause instanceof StorageException known) {
        return known;
      }
      if (cause instanceof SQLiteException sqlite) {
        return ofSqlite(sqlite);
      }
    }
    SQLException last = null;
    for (var cause : Causes.of(failure)) {
      // A pool wraps the reason why there is no connection.
      if (cause instanceof SQLException sql) {
        last = sql.getSQLState() == null && last != null ? last : sql;
      }
    }
    return last == null
        ? new StorageException(Kind.INTERNAL, "internal fault of the SQL storage", failure)
        : ofServer(last);
  }

  private static StorageException ofSqlite(SQLiteException failure) {
    var text = "SQLite: " + failure.getMessage();
    return switch (primary(failure.getResultCode())) {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_INTERRUPT, SQLITE_NOMEM ->
          new StorageException(
              Kind.UNAVAILABLE, text + " (another program may have locked the file)", failure);
      case SQLITE_FULL ->
          new StorageException(
              Kind.EXHAUSTED,
              text + " (make room on the disk of sql.url, or set sql.retention.time or .bytes)",
              failure);
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          new StorageException(
              Kind.DATA_LOSS, text + " (restore the file of sql.url from a backup)", failure);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
          new StorageException(
              Kind.REFUSED,
              text + " (give the gateway's user the right to write the file of sql.url)",
              failure);
      case SQLITE_IOERR, SQLITE_CANTOPEN ->
          new StorageException(
              Kind.UNAVAILABLE, text + " (look after the disk of sql.url)", failure);
      default -> new StorageException(Kind.INTERNAL, text, failure);
    };
  }

  /** The code without what extends it. */
  private static SQLiteErrorCode primary(SQLiteErrorCode code) {
    return SQLiteErrorCode.getErrorCode(code.code & 0xff);
  }

  /**
   * Why there is no connection to a server.
   *
   * @param place host, database and user
   */
  static StorageException ofConnect(SQLException failure, String place) {
    var text = "PostgreSQL %s: %s".formatted(place, failure.getMessage());
    for (var cause : Causes.of(failure)) {
      if (cause instanceof UnknownHostException unknown) {
        text += " (unknown host " + unknown.getMessage() + ")";
      }
    }
    return ofServer(failure, text);
  }

  /** Why a pool gave no connection in time, where all that it has are in use. */
  static StorageException ofNoConnection(SQLException late, String place) {
    var text =
        "PostgreSQL %s: no connection was free in time"
            + " (sql.connectTimeout, sql.readers, sql.writers)";
    return new StorageException(Kind.UNAVAILABLE, text.formatted(place), late);
  }

  private static StorageException ofServer(SQLException failure) {
    return ofServer(failure, "PostgreSQL: " + failure.getMessage());
  }

  private static StorageException ofServer(SQLException failure, String text) {
    var state = failure.getSQLState() == null ? "" : failure.getSQLState();
    if (state.startsWith("28")) {
      return new StorageException(
          Kind.REFUSED, text + " (correct sql.user and sql.password)", failure);
    }
    return switch (state) {
      case NO_RIGHT ->
          new StorageException(
              Kind.REFUSED,
              text
                  + " (grant sql.user select, insert, update and delete on the tables of"
                  + " sql.tablePrefix and usage on its sequences, or create on the schema)",
              failure);
      case NO_TABLE, NO_SCHEMA ->
          new StorageException(
              Kind.PRECONDITION,
              text + " (set sql.createTables = true, or create the tables)",
              failure);
      case READ_ONLY ->
          new StorageException(
              Kind.UNAVAILABLE,
              text + " (name the primary in sql.url, or add targetServerType=primary to it)",
              failure);
      case CANCELLED ->
          new StorageException(Kind.UNAVAILABLE, text + " (sql.statementTimeout)", failure);
      case IDLE_IN_TRANSACTION ->
          new StorageException(
              Kind.UNAVAILABLE,
              text + " (this process stood still for sql.statementTimeout)",
              failure);
      default -> new StorageException(kind(state, failure), text, failure);
    };
  }

  private static Kind kind(String state, SQLException failure) {
    boolean isAway =
        state.startsWith("08")
            || state.startsWith("57P")
            || state.startsWith("40")
            || state.startsWith("55")
            || state.equals("53300")
            || failure instanceof SQLTransientConnectionException;
    if (isAway) {
      return Kind.UNAVAILABLE;
    }
    if (state.startsWith("53")) {
      return Kind.EXHAUSTED;
    }
    return state.equals("XX001") || state.equals("XX002") ? Kind.DATA_LOSS : Kind.INTERNAL;
  }

  /**
   * Whether the connection leads to a server that takes no writes any more, or perhaps to a file
   * that is not the one of its name.
   */
  static boolean isElsewhere(Throwable failure) {
    if (failure instanceof SQLiteException sqlite) {
      return OF_ITS_FILE.contains(primary(sqlite.getResultCode()));
    }
    return failure instanceof SQLException sql && READ_ONLY.equals(sql.getSQLState());
  }

  /** Whether somebody else had a row locked for longer than a statement waits. */
  static boolean isLocked(Throwable failure) {
    return failure instanceof SQLException sql && LOCKED.equals(sql.getSQLState());
  }

  /** Whether a commit that failed so has surely written nothing. */
  static boolean isRolledBack(SQLException failure) {
    if (failure instanceof SQLiteException sqlite) {
      var code = primary(sqlite.getResultCode());
      return code == SQLiteErrorCode.SQLITE_FULL || code == SQLiteErrorCode.SQLITE_BUSY;
    }
    var state = failure.getSQLState();
    return state != null
        && state.length() == 5
        && (ROLLED_BACK.contains(state.substring(0, 2)) || state.equals(IDLE_IN_TRANSACTION));
  }
}
