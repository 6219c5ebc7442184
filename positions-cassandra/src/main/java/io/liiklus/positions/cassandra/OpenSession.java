package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;

/** The driver's session, with all statements prepared. Thread-safe. */
record OpenSession(
    CqlSession session, NodeWatch nodes, PositionStatements positions, RowStatements rows) {

  static OpenSession prepare(CqlSession session, NodeWatch nodes, String keyspace) {
    return new OpenSession(
        session,
        nodes,
        PositionStatements.prepare(session, keyspace),
        RowStatements.prepare(session, keyspace));
  }
}
