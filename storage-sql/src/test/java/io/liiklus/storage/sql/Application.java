package io.liiklus.storage.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * An application's connection to the database, in a transaction of its own, by which it publishes.
 * Confined to one thread.
 */
public final class Application implements AutoCloseable {

  private final Connection connection;

  public Application(PgDatabase database) throws SQLException {
    this(database.connect());
  }

  private Application(Connection connection) throws SQLException {
    this.connection = connection;
    connection.setAutoCommit(false);
  }

  /** Of another user than the one who may do everything. */
  public static Application of(PgDatabase database, String user, String password)
      throws SQLException {
    return new Application(DriverManager.getConnection(database.url(), user, password));
  }

  public void publish(String topic, String key, String value) throws SQLException {
    publish(topic, bytes(key), bytes(value), null);
  }

  /**
   * Any of them may be null.
   *
   * @param headers as JSON
   */
  public void publish(String topic, byte[] key, byte[] value, String headers) throws SQLException {
    try (var statement = connection.prepareStatement("select liiklus_publish(?, ?, ?, ?::jsonb)")) {
      statement.setString(1, topic);
      statement.setBytes(2, key);
      statement.setBytes(3, value);
      statement.setString(4, headers);
      statement.executeQuery().close();
    }
  }

  public static byte[] bytes(String text) {
    return text == null ? null : text.getBytes(UTF_8);
  }

  public void execute(String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  public void commit() throws SQLException {
    connection.commit();
  }

  public void rollBack() throws SQLException {
    connection.rollback();
  }

  /** Ends what is open. */
  @Override
  public void close() throws SQLException {
    connection.rollback();
    connection.close();
  }
}
