package io.liiklus.storage.sql.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Changes that are written by the same statements. A transaction writes its kinds in {@linkplain
 * #order order}, and each kind its rows in the order of their keys: so all transactions lock rows
 * in one order, and no two wait for each other. Thread-safe.
 *
 * @param <C> the changes
 */
public interface ChangeKind<C extends Change<?>> {

  int COORDINATION = 1;
  int POSITIONS = 2;
  int MAINTENANCE = 3;
  int RECORDS = 4;

  /** One of the numbers above. */
  int order();

  /**
   * Writes the changes, in the order in which they were asked for where they are of one row. Says
   * of each what is to be answered once all of it is committed.
   */
  void apply(Connection connection, List<C> changes) throws SQLException;
}
