package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;

/** Prepared statements on the table of positions. Immutable. */
record PositionStatements(
    PreparedStatement find,
    PreparedStatement findVersions,
    PreparedStatement findAll,
    PreparedStatement times,
    PreparedStatement write) {

  static PositionStatements prepare(CqlSession session, String keyspace) {
    var table = KeyspaceTables.name(keyspace, KeyspaceTables.POSITIONS);
    var ofGroup = " from " + table + " where topic = ? and group_name = ?";
    return new PositionStatements(
        session.prepare("select version, partition, position" + ofGroup + " and version = ?"),
        session.prepare("select version, partition, position" + ofGroup),
        session.prepare("select topic, group_name, version, partition, position from " + table),
        session.prepare(
            "select writetime(position)" + ofGroup + " and version = ? and partition in ?"),
        session.prepare(
            "insert into "
                + table
                + " (topic, group_name, version, partition, position) values (?, ?, ?, ?, ?)"));
  }
}
