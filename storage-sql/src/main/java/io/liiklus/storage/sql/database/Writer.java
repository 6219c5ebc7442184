package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer of changes, a transaction for all that wait. Thread-safe: its thread owns the connection
 * and what is under way.
 *
 * <p>A change is begun once there is a connection. What was surely not written, since the database
 * is away, waits on in its place where it {@linkplain Change#waitsForDatabase waits for it};
 * nothing is written twice. Logs that somebody else has locked are {@linkplain LockedLogs set
 * aside}.
 */
final class Writer implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Writer.class);

  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 1_000;

  private final Connections connections;
  private final WriteFaults faults;
  private final LogLocks locks;
  private final ChangeQueue queue;
  private final BatchWriter batches;

  // Any thread.
  private volatile List<Change<?>> current = List.of();
  private volatile Thread thread;

  // The thread's own.
  private long pauseMs;

  Writer(Connections connections, WriteFaults faults, LogLocks locks, LockedLogs locked) {
    this.connections = connections;
    this.faults = faults;
    this.locks = locks;
    this.queue = new ChangeQueue(locked);
    this.batches = new BatchWriter(connections, faults);
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
    var result = batches.write(connection, batch);
    switch (result.outcome()) {
      case WRITTEN -> pauseMs = 0;
      case FAILED -> {}
      case AWAY -> {
        pauseMs = nextPauseMs();
        queue.putBack(batch, result.failure());
      }
      case LOCKED -> commitOthers(batch);
      case SUSPECT -> batch.forEach(batches::writeAlone);
    }
  }

  /** Sets all logs aside that somebody has locked now, and writes the rest without a wait. */
  private void commitOthers(List<Change<?>> batch) {
    Connection connection = null;
    Set<Long> free;
    try {
      connection = connections.writer();
      free = locks.lockFree(connection, batch.stream().map(Change::log).distinct().toList());
    } catch (SQLException | RuntimeException | Error failure) {
      if (connection != null) {
        connections.giveBack(connection, !BatchWriter.rollBack(connection));
      }
      pauseMs = nextPauseMs();
      queue.putBack(batch, SqlFailures.of(failure));
      return;
    }
    var others = queue.setAside(batch, free);
    current = others;
    var result = batches.write(connection, others);
    if (!result.isAnswered()) {
      // Of one at fault the next transaction finds out.
      pauseMs = nextPauseMs();
      queue.putBack(others, result.failure());
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
