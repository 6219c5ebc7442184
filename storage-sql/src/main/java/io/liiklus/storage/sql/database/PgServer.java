package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * PostgreSQL server, as the pool connects to it, and why that failed the last time. Thread-safe.
 *
 * <p>Of those that wait for a connection the pool tells one why there is none, and all others how
 * long they waited.
 */
final class PgServer implements DataSource {

  private final Driver driver = new Driver();
  private final String url;
  private final Properties properties;
  private volatile StorageException failure;
  private volatile int loginTimeout;

  /**
   * @param properties of the driver, for all connections
   */
  PgServer(String url, Properties properties) {
    this.url = url;
    this.properties = properties;
  }

  @Override
  public Connection getConnection() throws SQLException {
    try {
      var connection = driver.connect(url, properties);
      failure = null;
      return connection;
    } catch (SQLException refused) {
      failure = SqlFailures.ofConnect(refused, place());
      throw refused;
    }
  }

  /** Host, database and user, without secrets. */
  String place() {
    var parsed = Driver.parseURL(url, properties);
    return "%s:%s/%s as user %s"
        .formatted(
            PGProperty.PG_HOST.getOrDefault(parsed),
            PGProperty.PG_PORT.getOrDefault(parsed),
            PGProperty.PG_DBNAME.getOrDefault(parsed),
            PGProperty.USER.getOrDefault(parsed));
  }

  /** Null where the last attempt was none. */
  StorageException failure() {
    return failure;
  }

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException("the login is that of the settings");
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeout;
  }

  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeout = seconds;
  }

  @Override
  public PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    // The driver logs by java.util.logging.
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("java.util.logging is set up elsewhere");
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLException("wraps nothing");
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
