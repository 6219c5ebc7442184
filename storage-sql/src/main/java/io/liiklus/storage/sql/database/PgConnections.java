package io.liiklus.storage.sql.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.liiklus.api.StorageException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;

/**
 * Pool of connections to a PostgreSQL server, which connects again by itself. Thread-safe.
 *
 * <p>Each wait has a bound: for a connection, on the server for a statement, and here for an answer
 * that does not come since the server hangs.
 */
final class PgConnections implements Connections {

  /** For the writers of what is no record and of locked logs, and for what is polled. */
  private static final int BESIDE_WRITERS = 3;

  /** An answer takes longer than the server's own bound by no more. */
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final Duration MAX_LIFETIME = Duration.ofMinutes(30);
  private static final long LEAST_HIKARI_MS = 250;

  private final PgServer server;
  private final HikariDataSource pool;
  private final PgSchema schema;

  /** Why the tables could not be used the last time; null where they could. */
  private volatile StorageException unprepared;

  PgConnections(DatabaseSettings settings) {
    this.server = new PgServer(settings.url(), properties(settings));
    this.pool = new HikariDataSource(config(settings));
    this.schema = new PgSchema(settings);
  }

  private HikariConfig config(DatabaseSettings settings) {
    var timeouts = settings.timeouts();
    var config = new HikariConfig();
    config.setPoolName("liiklus-sql");
    config.setDataSource(server);
    int size = settings.writers() + settings.readers() + BESIDE_WRITERS;
    config.setMaximumPoolSize(size);
    config.setMinimumIdle(1);
    // A server that is away is looked for, and is no reason not to start.
    config.setInitializationFailTimeout(-1);
    config.setConnectionTimeout(timeouts.connect().toMillis());
    config.setValidationTimeout(Math.max(LEAST_HIKARI_MS, timeouts.connect().toMillis() / 2));
    config.setMaxLifetime(MAX_LIFETIME.toMillis());
    config.setConnectionInitSql(sessionBounds(timeouts.statement().toMillis()));
    return config;
  }

  private static Properties properties(DatabaseSettings settings) {
    var timeouts = settings.timeouts();
    var properties = new Properties();
    if (!settings.login().user().isEmpty()) {
      properties.setProperty("user", settings.login().user());
    }
    if (!settings.login().password().isEmpty()) {
      properties.setProperty("password", settings.login().password());
    }
    properties.setProperty("ApplicationName", "liiklus");
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("connectTimeout", seconds(timeouts.connect()));
    properties.setProperty("loginTimeout", seconds(timeouts.connect()));
    properties.setProperty("socketTimeout", seconds(timeouts.statement().plus(SLACK)));
    return properties;
  }

  /**
   * On the server. The second one is for a gateway that hangs, or is cut off, within a transaction:
   * the rows that it has locked are let go for the others.
   */
  private static String sessionBounds(long ms) {
    return "set statement_timeout = %1$d; set idle_in_transaction_session_timeout = %1$d"
        .formatted(ms);
  }

  /** As the driver takes it; 0 would be no bound. */
  private static String seconds(Duration timeout) {
    return Long.toString(Math.max(1, TimeUnit.MILLISECONDS.toSeconds(timeout.toMillis() + 999)));
  }

  @Override
  public Connection writer() throws SQLException {
    var connection = reader();
    connection.setAutoCommit(false);
    return connection;
  }

  @Override
  public Connection reader() throws SQLException {
    var connection = connection();
    try {
      schema.prepareOnce(connection);
      unprepared = null;
      return connection;
    } catch (SQLException | RuntimeException | Error failure) {
      unprepared = SqlFailures.of(failure);
      giveBack(connection, true);
      throw failure;
    }
  }

  private Connection connection() throws SQLException {
    try {
      return pool.getConnection();
    } catch (SQLTransientConnectionException late) {
      var reason = lastFailure();
      throw reason != null ? reason : SqlFailures.ofNoConnection(late, server.place());
    }
  }

  @Override
  public StorageException lastFailure() {
    var ofServer = server.failure();
    return ofServer != null ? ofServer : unprepared;
  }

  @Override
  public void giveBack(Connection connection, boolean isBroken) {
    if (isBroken) {
      pool.evictConnection(connection);
      return;
    }
    try {
      connection.close();
    } catch (SQLException broken) {
      pool.evictConnection(connection);
    }
  }

  @Override
  public void check(Connection connection) throws SQLException {
    schema.requireWritable(connection);
  }

  @Override
  public void close() {
    pool.close();
  }
}
