package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.ChangeKind;
import io.liiklus.storage.sql.database.LogLocks;
import io.liiklus.storage.sql.database.SqlDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Creation of a topic's partitions, where they are missing. Thread-safe. */
final class CreateTopic extends Change<List<LogPlace>> {

  private final String topic;
  private final Creation kind;

  CreateTopic(String topic, Creation kind, Duration patience) {
    super(patience);
    this.topic = topic;
    this.kind = kind;
  }

  @Override
  protected ChangeKind<?> kind() {
    return kind;
  }

  /** Of no row: transactions of others may be creating the topic. */
  @Override
  protected long log() {
    return -1 - Integer.toUnsignedLong(topic.hashCode());
  }

  @Override
  protected String place() {
    return topic;
  }

  /** Creates topics, in the order of their names, as others do. Immutable. */
  record Creation(LogTable table, SqlDatabase database, int partitions)
      implements ChangeKind<CreateTopic> {

    @Override
    public int order() {
      return MAINTENANCE;
    }

    @Override
    public void apply(Connection connection, List<CreateTopic> changes) throws SQLException {
      if (!database.isEmbedded()) {
        LogLocks.boundWaits(connection);
      }
      var ordered = new ArrayList<>(changes);
      ordered.sort(Comparator.comparing(change -> change.topic));
      for (var change : ordered) {
        table.create(connection, change.topic, partitions);
        change.answer(table.places(connection, change.topic));
      }
    }
  }
}
