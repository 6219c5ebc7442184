package io.liiklus.storage.sql.database;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Query that is written for a connection, each statement by itself. Confined to its call.
 *
 * @param <T> the answer
 */
public interface SqlQuery<T> {

  T run(Connection connection) throws SQLException;
}
