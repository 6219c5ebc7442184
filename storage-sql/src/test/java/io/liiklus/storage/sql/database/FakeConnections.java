package io.liiklus.storage.sql.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;

/** Connections of which a test says what fails. Confined to the test's thread. */
final class FakeConnections implements Connections {

  /** Instead of a connection; null: there is one. */
  SQLException noConnection;

  /** Instead of a commit; null: it succeeds. */
  SQLException noCommit;

  int commits;
  int rollbacks;
  int given;
  boolean isLastBroken;

  @Override
  public Connection writer() throws SQLException {
    if (noConnection != null) {
      throw noConnection;
    }
    given++;
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              switch (method.getName()) {
                case "commit" -> commit();
                case "rollback" -> rollbacks++;
                default -> throw new InvocationTargetException(null, method.getName());
              }
              return null;
            });
  }

  private void commit() throws SQLException {
    if (noCommit != null) {
      throw noCommit;
    }
    commits++;
  }

  @Override
  public Connection reader() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void giveBack(Connection connection, boolean isBroken) {
    given--;
    isLastBroken = isBroken;
  }

  @Override
  public void check(Connection connection) {}

  @Override
  public void close() {}
}
