package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.ChangeKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
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

  /**
   * Creates topics. Immutable.
   *
   * @param partitions of each
   */
  record Creation(LogTable table, int partitions) implements ChangeKind<CreateTopic> {

    @Override
    public int order() {
      return MAINTENANCE;
    }

    @Override
    public void apply(Connection connection, List<CreateTopic> changes) throws SQLException {
      for (var change : changes) {
        table.create(connection, change.topic, partitions);
        change.answer(table.places(connection, change.topic));
      }
    }
  }
}
