package io.liiklus.storage.sql.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Function by which applications publish records in transactions of their own, see {@code
 * outbox.sql}. Immutable.
 *
 * <p>It is made beside the gateway's tables, of which it changes none: their format stays what it
 * is. Nothing of the gateway needs it, so that a user who may not make it is no reason not to
 * start.
 *
 * @param settings of which it takes the bound of a record and how topics are created; those of the
 *     gateway that started last count
 */
record PgOutbox(DatabaseSettings settings) {

  /** Of the script: a database with an older one, or none, gets this one. */
  static final int VERSION = 1;

  private static final Logger log = LoggerFactory.getLogger(PgOutbox.class);

  private static final String SCRIPT = "outbox.sql";
  private static final String VERSION_NAME = "outbox";
  private static final String BOUND_NAME = "maxRecordBytes";
  private static final String PARTITIONS_NAME = "partitions";

  /** Of SQLSTATE: a right, a table or a function is missing, or is somebody else's. */
  private static final String NOT_ALLOWED = "42";

  /** Outside of a transaction; ends the one that it begins. */
  void prepare(Connection connection) throws SQLException {
    try {
      if (tables().isToCreate() && number(connection, VERSION_NAME) < VERSION) {
        install(connection);
      }
      if (number(connection, VERSION_NAME) > 0) {
        storeSettings(connection);
      }
    } catch (SQLException failure) {
      if (failure.getSQLState() == null || !failure.getSQLState().startsWith(NOT_ALLOWED)) {
        throw failure;
      }
      log.warn(
          "the outbox of the database is missing or old, and its user may not change that:"
              + " start once as one who may, or set sql.createTables = false, function={} reason={}",
          tables().publish(),
          failure.getMessage());
    }
  }

  private void install(Connection connection) throws SQLException {
    PgSchema.inTurn(
        connection,
        statement -> {
          if (number(connection, VERSION_NAME) < VERSION) {
            statement.execute(
                script()
                    .replace("SCHEMA", schema(connection))
                    .replace("PREFIX", tables().prefix()));
            storeSettings(connection);
            store(connection, VERSION_NAME, VERSION);
          }
        });
  }

  private void storeSettings(Connection connection) throws SQLException {
    var topics = settings.topics();
    store(connection, BOUND_NAME, settings.limits().maxRecordBytes());
    store(connection, PARTITIONS_NAME, topics.areCreated() ? topics.partitions() : 0);
  }

  private Tables tables() {
    return settings.tables();
  }

  /** That of the tables, in quotes; another one may have come before it in the search path. */
  private String schema(Connection connection) throws SQLException {
    var sql =
        "select quote_ident(n.nspname) from pg_class c"
            + " join pg_namespace n on n.oid = c.relnamespace where c.oid = to_regclass(?)";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, tables().log());
      try (var found = statement.executeQuery()) {
        if (!found.next()) {
          throw new SQLException("there is no table " + tables().log(), "42P01");
        }
        return found.getString(1);
      }
    }
  }

  /** 0 where there is none. */
  private long number(Connection connection, String name) throws SQLException {
    var sql = "select value from " + tables().meta() + " where name = ?";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      try (var found = statement.executeQuery()) {
        return found.next() ? found.getLong(1) : 0;
      }
    }
  }

  private void store(Connection connection, String name, long value) throws SQLException {
    if (number(connection, name) == value) {
      // A user who may only read need not write what is there.
      return;
    }
    var sql =
        "insert into "
            + tables().meta()
            + " (name, value) values (?, ?)"
            + " on conflict (name) do update set value = excluded.value";
    try (var statement = connection.prepareStatement(sql)) {
      statement.setString(1, name);
      statement.setLong(2, value);
      statement.executeUpdate();
    }
  }

  private static String script() {
    try (var in = PgOutbox.class.getResourceAsStream(SCRIPT)) {
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
