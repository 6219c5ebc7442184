package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Transaction for a batch of changes, and what its failure means to them. Immutable. */
record BatchWriter(Connections connections, WriteFaults faults) {

  private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);

  enum Outcome {
    /** All are committed, and answered. */
    WRITTEN,
    /** All are answered with the failure. */
    FAILED,
    /** Surely nothing is stored: the database is away for now. */
    AWAY,
    /** Surely nothing is stored: somebody has a log locked. */
    LOCKED,
    /** Surely nothing is stored: one of several may be at fault, and is to fail alone. */
    SUSPECT
  }

  /**
   * What became of a batch.
   *
   * @param failure null where it was written
   */
  record Result(Outcome outcome, StorageException failure) {

    boolean isAnswered() {
      return outcome == Outcome.WRITTEN || outcome == Outcome.FAILED;
    }
  }

  /** Writes changes that are begun, and gives the connection back. */
  Result write(Connection connection, List<Change<?>> batch) {
    boolean isAsked = false;
    try {
      apply(connection, batch);
      isAsked = !batch.isEmpty();
      connection.commit();
    } catch (SQLException | RuntimeException | Error failure) {
      boolean isBroken = !rollBack(connection) || SqlFailures.isElsewhere(failure);
      connections.giveBack(connection, isBroken);
      return onFailed(batch, failure, isAsked && !isRolledBack(failure));
    }
    connections.giveBack(connection, false);
    faults.onWritten();
    batch.forEach(BatchWriter::answer);
    return new Result(Outcome.WRITTEN, null);
  }

  /** Writes a change of a batch that is suspect; it waits no longer, since others are behind it. */
  void writeAlone(Change<?> change) {
    try {
      var result = write(connections.writer(), List.of(change));
      if (!result.isAnswered()) {
        change.failNotStored(result.failure());
      }
    } catch (SQLException | RuntimeException | Error failure) {
      change.failNotStored(SqlFailures.of(failure));
    }
  }

  @SuppressWarnings("unchecked") // A change names its own kind.
  private static void apply(Connection connection, List<Change<?>> batch) throws SQLException {
    var kinds = new LinkedHashMap<ChangeKind<?>, List<Change<?>>>();
    for (var change : batch) {
      kinds.computeIfAbsent(change.kind(), kind -> new ArrayList<>()).add(change);
    }
    var ordered = new ArrayList<>(kinds.entrySet());
    ordered.sort(Comparator.comparingInt((Map.Entry<ChangeKind<?>, ?> e) -> e.getKey().order()));
    for (var entry : ordered) {
      ((ChangeKind<Change<?>>) entry.getKey()).apply(connection, entry.getValue());
    }
  }

  private static boolean isRolledBack(Throwable failure) {
    return failure instanceof SQLException sql && SqlFailures.isRolledBack(sql);
  }

  /** False where the connection is broken, which ends its transaction too. */
  static boolean rollBack(Connection connection) {
    try {
      connection.rollback();
      return true;
    } catch (SQLException broken) {
      log.debug("a transaction ended with its connection, reason={}", broken.getMessage());
      return false;
    }
  }

  /**
   * @param isUnknown whether it may be written all the same
   */
  private Result onFailed(List<Change<?>> batch, Throwable cause, boolean isUnknown) {
    var failure = SqlFailures.of(cause);
    if (!isUnknown && SqlFailures.isLocked(cause)) {
      return new Result(Outcome.LOCKED, failure);
    }
    faults.onFailed(failure);
    if (isUnknown) {
      batch.forEach(change -> change.fail(failure));
      return new Result(Outcome.FAILED, failure);
    }
    if (failure.kind() == Kind.UNAVAILABLE) {
      return new Result(Outcome.AWAY, failure);
    }
    if (failure.kind() == Kind.INTERNAL && batch.size() > 1) {
      return new Result(Outcome.SUSPECT, failure);
    }
    batch.forEach(change -> change.failNotStored(failure));
    return new Result(Outcome.FAILED, failure);
  }

  private static void answer(Change<?> change) {
    try {
      change.commit();
    } catch (RuntimeException fault) {
      log.error("an answer of the database was not taken by a fault of the gateway", fault);
    }
  }
}
