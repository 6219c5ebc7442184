package io.liiklus.storage.sql;

import io.liiklus.api.Settings;
import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.ChangeKind;
import io.liiklus.storage.sql.database.DatabaseSettings;
import io.liiklus.storage.sql.database.SqlDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** What an operator does to topics, in the database of a test. Thread-safe. */
public final class Topics implements AutoCloseable {

  private final SqlDatabase database;

  public Topics(Settings settings) {
    this.database = SqlDatabase.acquire(DatabaseSettings.read(settings));
  }

  /** Adds partitions until there are so many. */
  public void growTo(String topic, int partitions) {
    run(
        connection -> {
          var sql = "insert into liiklus_log (topic, part) values (?, ?) on conflict do nothing";
          try (var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < partitions; i++) {
              statement.setString(1, topic);
              statement.setInt(2, i);
              statement.executeUpdate();
            }
          }
        });
  }

  /** As retention: the range first, then the records. */
  public void deleteBefore(String topic, int partition, long offset) {
    var log =
        "(select id from liiklus_log where topic = '%s' and part = %d)".formatted(topic, partition);
    run("update liiklus_log set start_off = %d where id = %s".formatted(offset, log));
    run(
        database.isEmbedded()
            ? "delete from liiklus_record where id >= (%1$s << 40) and id < (%1$s << 40) + %2$d"
                .formatted(log, offset)
            : "delete from liiklus_record where log = %s and off < %d".formatted(log, offset));
  }

  /** Deletes the topic, with its records or without. */
  public void delete(String topic) {
    run("delete from liiklus_log where topic = '" + topic + "'");
  }

  public void run(String sql) {
    run(
        connection -> {
          try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
          }
        });
  }

  private void run(Task task) {
    var change = new TaskChange(task);
    database.write(change);
    change.join();
  }

  public SqlDatabase database() {
    return database;
  }

  @Override
  public void close() {
    database.release();
  }

  private interface Task {
    void run(Connection connection) throws SQLException;
  }

  private static final class TaskChange extends Change<Void> implements ChangeKind<TaskChange> {

    private final Task task;

    private TaskChange(Task task) {
      super(Duration.ofSeconds(10));
      this.task = task;
    }

    @Override
    public int order() {
      return MAINTENANCE;
    }

    @Override
    public void apply(Connection connection, List<TaskChange> changes) throws SQLException {
      task.run(connection);
    }

    @Override
    protected ChangeKind<?> kind() {
      return this;
    }
  }
}
