package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.cql.Row;
import io.liiklus.api.GroupId;

/** A topic and a group version in it. Immutable. */
record TopicGroup(String topic, GroupId group) {

  /** Of a row with all columns of the key. */
  static TopicGroup of(Row row) {
    return new TopicGroup(
        row.getString("topic"), new GroupId(row.getString("group_name"), row.getInt("version")));
  }
}
