package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;

/** Prepared statements on the rows of the coordination store. Immutable. */
record RowStatements(
    PreparedStatement read,
    PreparedStatement create,
    PreparedStatement change,
    PreparedStatement remove) {

  static RowStatements prepare(CqlSession session, String keyspace) {
    var table = KeyspaceTables.name(keyspace, KeyspaceTables.COORDINATION);
    return new RowStatements(
        session.prepare("select version, value from " + table + " where key = ?"),
        session.prepare(
            "insert into " + table + " (key, version, value) values (?, ?, ?) if not exists"),
        session.prepare(
            "update " + table + " set version = ?, value = ? where key = ? if version = ?"),
        session.prepare("delete from " + table + " where key = ? if version = ?"));
  }
}
