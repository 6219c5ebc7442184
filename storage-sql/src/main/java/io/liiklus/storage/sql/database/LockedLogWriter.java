package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer of the {@link LockedLogs}: waits for the lock of one log at a time, by turns. Thread-safe:
 * its thread owns the connection and what is under way.
 *
 * <p>A change is begun once the log is locked for it: until then it is surely not stored.
 */
final class LockedLogWriter implements Runnable {

  /**
   * Longest wait for one log. Longer than a queue of short transactions, so that a log which many
   * append to has its turn; the others wait for no more than this.
   */
  private static final Duration WAIT = Duration.ofSeconds(1);

  private static final long PAUSE_MS = 500;
  private static final long LONG_NS = TimeUnit.SECONDS.toNanos(5);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private static final Logger log = LoggerFactory.getLogger(LockedLogWriter.class);

  private final Connections connections;
  private final WriteFaults faults;
  private final LogLocks locks;
  private final LockedLogs logs;
  private final Duration wait;
  private final BatchWriter batches;
  private final Thread thread = new Thread(this, "liiklus-sql-locked");

  // Any thread.
  private volatile List<Change<?>> current = List.of();

  // The thread's own.
  private long pauseMs;
  private long loggedNs = System.nanoTime() - LOG_NS;

  /**
   * @param statementTimeout of the server: the wait is shorter
   */
  LockedLogWriter(
      Connections connections,
      WriteFaults faults,
      LogLocks locks,
      LockedLogs logs,
      Duration statementTimeout) {
    this.connections = connections;
    this.faults = faults;
    this.locks = locks;
    this.logs = logs;
    var half = statementTimeout.dividedBy(2);
    this.wait = half.compareTo(WAIT) < 0 ? half : WAIT;
    this.batches = new BatchWriter(connections, faults);
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  /** Fails those whose patience is over. Any thread. */
  void expire(long nowNs) {
    logs.expire(nowNs);
    current.forEach(change -> change.expire(nowNs));
  }

  @Override
  public void run() {
    try {
      for (var next = logs.await(0); next != null; next = logs.await(pauseMs)) {
        writeSafely(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      logs.close();
      failAll(SqlDatabase.closed());
    }
  }

  private void failAll(StorageException failure) {
    logs.removeAll().forEach(change -> change.failNotStored(failure));
  }

  private void writeSafely(LockedLogs.LockedLog next) {
    try {
      pauseMs = 0;
      writeOnce(next);
    } catch (RuntimeException | Error fault) {
      log.error("writing to the database failed by a fault of the gateway, trying on", fault);
      pauseMs = PAUSE_MS;
      var failure = SqlFailures.of(fault);
      current.forEach(change -> change.fail(failure));
    } finally {
      current = List.of();
    }
  }

  private void writeOnce(LockedLogs.LockedLog next) {
    var connection = lock(next);
    if (connection == null) {
      return;
    }
    current = logs.take(next);
    var result = batches.write(connection, current);
    switch (result.outcome()) {
      case WRITTEN, FAILED -> next.home().takeBack(next);
      case SUSPECT -> current.forEach(batches::writeAlone);
      case LOCKED -> {
        // A topic that somebody else is creating.
        warn(next);
        logs.putBack(next, current);
        pauseMs = PAUSE_MS;
      }
      case AWAY -> {
        logs.putBack(next, current);
        pauseMs = PAUSE_MS;
      }
    }
  }

  /** A connection that has the log locked; null where it could not. */
  private Connection lock(LockedLogs.LockedLog next) {
    Connection connection = null;
    try {
      connection = connections.writer();
      locks.lock(connection, next.id, wait);
      return connection;
    } catch (SQLException | RuntimeException | Error failure) {
      if (connection != null) {
        connections.giveBack(connection, !BatchWriter.rollBack(connection));
      }
      onNoLock(next, failure);
      return null;
    }
  }

  private void onNoLock(LockedLogs.LockedLog next, Throwable cause) {
    if (SqlFailures.isLocked(cause)) {
      warn(next);
      return;
    }
    var failure = SqlFailures.of(cause);
    faults.onFailed(failure);
    pauseMs = PAUSE_MS;
    if (failure.kind() != Kind.UNAVAILABLE) {
      failAll(failure);
    }
  }

  private void warn(LockedLogs.LockedLog next) {
    long nowNs = System.nanoTime();
    if (nowNs - next.sinceNs >= LONG_NS && nowNs - loggedNs >= LOG_NS) {
      loggedNs = nowNs;
      log.warn(
          "records wait for a partition that another transaction has locked, partition={}"
              + " seconds={} (logged once a minute)",
          next.place,
          TimeUnit.NANOSECONDS.toSeconds(nowNs - next.sinceNs));
    }
  }

  /** Ends; what waits fails. */
  void close(long deadlineNs) {
    logs.close();
    try {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime())));
      if (thread.isAlive()) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
