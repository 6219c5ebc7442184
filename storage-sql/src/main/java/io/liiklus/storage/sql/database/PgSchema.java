package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tables in PostgreSQL, made by the first connection that comes about. Thread-safe.
 *
 * <p>Gateways that start together take turns by an advisory lock.
 */
final class PgSchema {

  private static final Logger log = LoggerFactory.getLogger(PgSchema.class);

  /** Of nobody else, we hope: the lock is the database's. */
  private static final long LOCK = 0x6c69696b6c7573L;

  private static final String TEXT = " text collate \"C\" not null";

  private static final String TABLES = "select count(to_regclass(?))";

  private final Tables tables;
  private final Retention retention;
  private final PgOutbox outbox;
  private volatile boolean isPrepared;

  PgSchema(DatabaseSettings settings) {
    this.tables = settings.tables();
    this.retention = settings.retention();
    this.outbox = new PgOutbox(settings);
  }

  /**
   * Makes what is missing, and looks whether the server suits. Does nothing once that was done.
   *
   * @throws StorageException where the tables cannot be used; the text names the remedy
   */
  void prepareOnce(Connection connection) throws SQLException {
    if (!isPrepared) {
      prepare(connection);
    }
  }

  private synchronized void prepare(Connection connection) throws SQLException {
    if (isPrepared) {
      return;
    }
    requireWritable(connection);
    if (TableFormat.isNew(connection, tables, TABLES)) {
      if (!tables.isToCreate()) {
        throw tables.missing("the database of sql.url");
      }
      create(connection);
    }
    TableFormat.require(connection, tables, "the database of sql.url");
    outbox.prepare(connection);
    if (setting(connection, "synchronous_commit").equals("off")) {
      log.warn(
          "PostgreSQL answers before records are on its disk, and a crash loses what was answered"
              + " OK: set its synchronous_commit to on, for this user or database at least");
    }
    isPrepared = true;
    log.info(
        "database open, server={} {}",
        connection.getMetaData().getURL().replaceAll("\\?.*", ""),
        retention);
  }

  /**
   * @throws StorageException where it is a replica, or its user may only read
   */
  void requireWritable(Connection connection) throws SQLException {
    var sql = "select pg_is_in_recovery(), current_setting('transaction_read_only')";
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      found.next();
      if (found.getBoolean(1)) {
        throw new StorageException(
            Kind.UNAVAILABLE,
            "PostgreSQL: the server is a replica, which takes no writes (name the primary in"
                + " sql.url, or add targetServerType=primary to it)");
      }
      if (found.getString(2).equals("on")) {
        throw new StorageException(
            Kind.REFUSED,
            "PostgreSQL: transactions of this user or database are read-only (set its"
                + " default_transaction_read_only to off)");
      }
    }
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (var statement = connection.createStatement();
        var found = statement.executeQuery("select current_setting('" + name + "')")) {
      found.next();
      return found.getString(1);
    }
  }

  private void create(Connection connection) throws SQLException {
    inTurn(
        connection,
        statement -> {
          for (var ddl : ddl()) {
            statement.executeUpdate(ddl);
          }
          TableFormat.write(connection, tables);
        });
  }

  /** What one gateway at a time does. */
  interface Work {
    void run(Statement statement) throws SQLException;
  }

  /** Waits until no other gateway makes tables, and does the work in a transaction. */
  static void inTurn(Connection connection, Work work) throws SQLException {
    connection.setAutoCommit(false);
    try (var statement = connection.createStatement()) {
      statement.execute("select pg_advisory_xact_lock(" + LOCK + ")");
      work.run(statement);
      connection.commit();
    } catch (SQLException failure) {
      connection.rollback();
      throw failure;
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private String[] ddl() {
    return new String[] {
      "create table if not exists "
          + tables.meta()
          + " (name"
          + TEXT
          + " primary key, value bigint not null)",
      // Room in each page, so that an update needs no new entry in an index.
      "create table if not exists "
          + tables.log()
          + " (id bigint generated always as identity primary key, topic"
          + TEXT
          + ", part int not null, start_off bigint not null default 0,"
          + " end_off bigint not null default 0, bytes bigint not null default 0,"
          + " unique (topic, part)) with (fillfactor = 50)",
      "create table if not exists "
          + tables.record()
          + " (log bigint not null, off bigint not null, time bigint not null, key bytea,"
          + " value bytea, headers bytea, primary key (log, off))",
      "create table if not exists "
          + tables.position()
          + " (topic"
          + TEXT
          + ", grp"
          + TEXT
          + ", version int not null, part int not null, pos bigint not null,"
          + " primary key (topic, grp, version, part)) with (fillfactor = 50)",
      "create table if not exists "
          + tables.coordination()
          + " (key"
          + TEXT
          + " primary key, version bigint not null, value bytea not null) with (fillfactor = 50)",
      "create sequence if not exists " + tables.versions(),
    };
  }
}
