package io.liiklus.storage.sql.records;

import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.ChangeKind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * A step of retention: moves the start of a log, or deletes what is below its start. Two changes,
 * so that appends wait for the first alone, which is short; what a crash leaves below the start is
 * deleted by a later sweep. Thread-safe.
 */
final class Sweep extends Change<Boolean> {

  private final Kind kind;
  private final LogSweep sweep;
  private final boolean isDeletion;

  private Sweep(Kind kind, LogSweep sweep, boolean isDeletion, Duration patience) {
    super(patience);
    this.kind = kind;
    this.sweep = sweep;
    this.isDeletion = isDeletion;
  }

  /** Moves the start; false where another gateway has done it, or somebody has the log locked. */
  static Sweep ofStart(Kind kind, LogSweep sweep, Duration patience) {
    return new Sweep(kind, sweep, false, patience);
  }

  /** Deletes the records below the new start. */
  static Sweep ofRecords(Kind kind, LogSweep sweep, Duration patience) {
    return new Sweep(kind, sweep, true, patience);
  }

  @Override
  protected ChangeKind<?> kind() {
    return kind;
  }

  /** Statements of retention. Immutable. */
  record Kind(RecordTable records) implements ChangeKind<Sweep> {

    @Override
    public int order() {
      return MAINTENANCE;
    }

    @Override
    public void apply(Connection connection, List<Sweep> changes) throws SQLException {
      for (var change : changes) {
        if (change.isDeletion) {
          records.deleteBefore(connection, change.sweep.log(), change.sweep.newStart());
          records.shrink(connection);
          change.answer(true);
        } else {
          change.answer(moveStart(connection, change.sweep));
        }
      }
    }

    private boolean moveStart(Connection connection, LogSweep sweep) throws SQLException {
      try (var statement = connection.prepareStatement(records.moveStart())) {
        statement.setLong(1, sweep.newStart());
        statement.setLong(2, sweep.freedBytes());
        statement.setLong(3, sweep.log());
        statement.setLong(4, sweep.start());
        return statement.executeUpdate() == 1;
      }
    }
  }
}
