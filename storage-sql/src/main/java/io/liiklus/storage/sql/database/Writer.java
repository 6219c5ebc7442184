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
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer of changes, a transaction for all that wait. Thread-safe: its thread owns the connection
 * and what is under way.
 *
 * <p>A change is begun once there is a connection. What was surely not written, since the database
 * is away, waits on in its place where it {@linkplain Change#waitsForDatabase waits for it};
 * nothing is written twice.
 */
final class Writer implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Writer.class);

  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 1_000;

  private final Connections connections;
  private final WriteFaults faults;
  private final ChangeQueue queue = new ChangeQueue();

  // Any thread.
  private volatile List<Change<?>> current = List.of();
  private volatile Thread thread;

  // The thread's own.
  private long pauseMs;

  Writer(Connections connections, WriteFaults faults) {
    this.connections = connections;
    this.faults = faults;
  }

  void start(String name) {
    thread = new Thread(this, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Any thread; does not block. */
  void add(Change<?> change) {
    queue.add(change);
  }

  /** Fails those whose patience is over. Any thread. */
  void expire(long nowNs) {
    queue.expire(nowNs);
    current.forEach(change -> change.expire(nowNs));
  }

  @Override
  public void run() {
    try {
      while (queue.await(pauseMs)) {
        writeSafely();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.close();
      queue.failAll(SqlDatabase.closed());
    }
  }

  /** The thread outlives each round: nothing would be written without it. */
  private void writeSafely() {
    try {
      writeOnce();
    } catch (RuntimeException | Error fault) {
      log.error("writing to the database failed by a fault of the gateway, trying on", fault);
      pauseMs = nextPauseMs();
      var failure = SqlFailures.of(fault);
      current.forEach(change -> change.fail(failure));
      current = List.of();
    }
  }

  void writeOnce() {
    Connection connection;
    try {
      connection = connections.writer();
    } catch (SQLException | RuntimeException | Error failure) {
      onNoConnection(SqlFailures.of(failure));
      return;
    }
    current = queue.take();
    commit(connection, current);
    current = List.of();
  }

  private void onNoConnection(StorageException failure) {
    faults.onFailed(failure);
    pauseMs = nextPauseMs();
    if (failure.kind() == Kind.UNAVAILABLE) {
      queue.putBack(List.of(), failure);
    } else {
      queue.failAll(failure);
    }
  }

  private long nextPauseMs() {
    return Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * pauseMs));
  }

  private void commit(Connection connection, List<Change<?>> batch) {
    boolean isAsked = false;
    try {
      apply(connection, batch);
      isAsked = !batch.isEmpty();
      connection.commit();
    } catch (SQLException | RuntimeException | Error failure) {
      boolean isBroken = !rollBack(connection) || SqlFailures.isElsewhere(failure);
      connections.giveBack(connection, isBroken);
      onFailed(batch, failure, isAsked && !isRolledBack(failure));
      return;
    }
    connections.giveBack(connection, false);
    pauseMs = 0;
    faults.onWritten();
    batch.forEach(Writer::answer);
  }

  private static boolean isRolledBack(Throwable failure) {
    return failure instanceof SQLException sql && SqlFailures.isRolledBack(sql);
  }

  private static boolean rollBack(Connection connection) {
    try {
      connection.rollback();
      return true;
    } catch (SQLException broken) {
      log.debug("a transaction ended with its connection, reason={}", broken.getMessage());
      return false;
    }
  }

  private static void answer(Change<?> change) {
    try {
      change.commit();
    } catch (RuntimeException fault) {
      log.error("an answer of the database was not taken by a fault of the gateway", fault);
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

  /**
   * @param isUnknown whether it may be written all the same
   */
  private void onFailed(List<Change<?>> batch, Throwable cause, boolean isUnknown) {
    var failure = SqlFailures.of(cause);
    faults.onFailed(failure);
    if (isUnknown) {
      batch.forEach(change -> change.fail(failure));
    } else if (failure.kind() == Kind.UNAVAILABLE) {
      pauseMs = nextPauseMs();
      queue.putBack(batch, failure);
    } else if (failure.kind() == Kind.INTERNAL && batch.size() > 1) {
      // One of them may be at fault: it alone is to fail.
      batch.forEach(this::commitAlone);
    } else {
      batch.forEach(change -> change.failNotStored(failure));
    }
  }

  private void commitAlone(Change<?> change) {
    try {
      commit(connections.writer(), List.of(change));
    } catch (SQLException | RuntimeException | Error failure) {
      change.failNotStored(SqlFailures.of(failure));
    }
  }

  /** Writes what waits, and ends; what has not begun by then fails. */
  void close(long deadlineNs) {
    queue.close();
    try {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
      thread.join(Math.max(1, leftMs));
      if (thread.isAlive()) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
