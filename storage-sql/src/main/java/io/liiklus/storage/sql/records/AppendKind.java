package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.ChangeKind;
import io.liiklus.storage.sql.database.LogEnds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Writes records, a statement for each log, in ascending order of the logs: so transactions of
 * several gateways wait for each other in one direction only. Immutable.
 */
record AppendKind(RecordTable table, LogEnds ends) implements ChangeKind<Append> {

  @Override
  public int order() {
    return RECORDS;
  }

  @Override
  public void apply(Connection connection, List<Append> changes) throws SQLException {
    var logs = new TreeMap<Long, List<Append>>();
    for (var append : changes) {
      logs.computeIfAbsent(append.log(), id -> new ArrayList<>()).add(append);
    }
    for (var log : logs.entrySet()) {
      long offset = table.append(connection, log.getKey(), log.getValue());
      for (var append : log.getValue()) {
        if (offset == RecordTable.NO_LOG) {
          append.refuseAsGone();
        } else {
          append.answerOffset(offset++);
        }
      }
    }
  }
}
