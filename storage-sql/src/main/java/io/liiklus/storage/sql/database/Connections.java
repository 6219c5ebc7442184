package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import java.sql.Connection;
import java.sql.SQLException;

/** Connections to one database. Thread-safe. */
interface Connections extends AutoCloseable {

  /**
   * A connection to write by, in a transaction. Given back by {@link #giveBack}.
   *
   * @throws SQLException where there is none within the bound
   * @throws io.liiklus.api.StorageException where the tables cannot be used
   */
  Connection writer() throws SQLException;

  /** A connection to read by, each statement by itself. As {@link #writer}. */
  Connection reader() throws SQLException;

  /**
   * Takes a connection back.
   *
   * @param isBroken whether it may be of no more use
   */
  void giveBack(Connection connection, boolean isBroken);

  /** Fails where a server behind does not answer, or nothing may be written. */
  void check(Connection connection) throws SQLException;

  /** Looks after what changes outside of the process. May block; called now and then. */
  default void look() {}

  /** Why nothing is written until the gateway is restarted; null while that is not so. */
  default StorageException lost() {
    return null;
  }

  /** Why the last attempt to connect failed; null where it did not. */
  default StorageException lastFailure() {
    return null;
  }

  @Override
  void close();
}
