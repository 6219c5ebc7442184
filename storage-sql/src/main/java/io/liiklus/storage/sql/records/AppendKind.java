package io.liiklus.storage.sql.records;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.sql.database.ChangeKind;
import io.liiklus.storage.sql.database.LogEnds;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Writes records, a statement for each log, in ascending order of the logs: so transactions of
 * several gateways wait for each other in one direction only. Thread-safe.
 */
final class AppendKind implements ChangeKind<Append> {

  private final RecordTable table;
  private final LogEnds ends;
  private final Consumer<String> onTopicGone;

  /**
   * @param onTopicGone notified of a topic that has not the partition any more
   */
  AppendKind(RecordTable table, LogEnds ends, Consumer<String> onTopicGone) {
    this.table = table;
    this.ends = ends;
    this.onTopicGone = onTopicGone;
  }

  LogEnds ends() {
    return ends;
  }

  @Override
  public int order() {
    return RECORDS;
  }

  @Override
  public void apply(Connection connection, List<Append> changes) throws SQLException {
    var logs = new TreeMap<Long, List<Append>>();
    for (var append : changes) {
      logs.computeIfAbsent(append.place().id(), id -> new ArrayList<>()).add(append);
    }
    for (var log : logs.entrySet()) {
      long offset = table.append(connection, log.getKey(), log.getValue());
      for (var append : log.getValue()) {
        if (offset == RecordTable.NO_LOG) {
          refuse(append);
        } else {
          append.answerOffset(offset++);
        }
      }
    }
  }

  private void refuse(Append append) {
    onTopicGone.accept(append.topic());
    append.refuse(
        StorageException.notStored(
            Kind.UNAVAILABLE,
            "topic %s was deleted or made anew meanwhile; publish again"
                .formatted(append.topic())));
  }
}
