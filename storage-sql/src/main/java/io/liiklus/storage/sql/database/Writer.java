package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer of changes, a transaction for all that wait. Thread-safe: its thread owns the connection
 * and what is under way, the queue has a lock.
 *
 * <p>What waits is bounded by those who ask: records by bytes, other changes by number.
 *
 * <p>A change that is surely not written, since the database is away, waits on in its place where
 * it {@linkplain Change#waitsForDatabase waits for it}; nothing is written twice.
 */
final class Writer implements Runnable {

  static final int MAX_CHANGES = 500;
  static final long MAX_BYTES = 1 << 20;

  private static final Logger log = LoggerFactory.getLogger(Writer.class);

  private static final long FIRST_PAUSE_MS = 50;
  private static final long LONGEST_PAUSE_MS = 1_000;

  private final Connections connections;
  private final WriteFaults faults;

  // Under this object's lock.
  private final Deque<Change<?>> queue = new ArrayDeque<>();
  private boolean isClosing;

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
    synchronized (this) {
      if (!isClosing) {
        queue.add(change);
        notifyAll();
        return;
      }
    }
    change.failNotStored(SqlDatabase.closed());
  }

  /** Fails whose patience is over. Any thread. */
  void expire(long nowNs) {
    List<Change<?>> waiting;
    synchronized (this) {
      queue.removeIf(change -> !change.isWaiting());
      waiting = queue.stream().filter(change -> change.isExpired(nowNs)).toList();
    }
    // Not under the lock: it notifies callers.
    waiting.forEach(change -> change.expire(nowNs));
    current.forEach(change -> change.expire(nowNs));
  }

  @Override
  public void run() {
    try {
      while (pause()) {
        var late = new ArrayList<Change<?>>();
        var batch = take(late);
        late.forEach(change -> change.expire(System.nanoTime()));
        if (!batch.isEmpty()) {
          current = batch;
          commit(batch);
          current = List.of();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      List<Change<?>> left;
      synchronized (this) {
        isClosing = true;
        left = List.copyOf(queue);
        queue.clear();
      }
      left.forEach(change -> change.failNotStored(SqlDatabase.closed()));
    }
  }

  /** Waits until something is to be done; false where the writer is to end. */
  private synchronized boolean pause() throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMs);
    for (long leftNs = endNs - System.nanoTime(); leftNs > 0 && !isClosing; ) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      leftNs = endNs - System.nanoTime();
    }
    while (queue.isEmpty() && !isClosing) {
      wait();
    }
    return !isClosing || (!queue.isEmpty() && pauseMs == 0);
  }

  /**
   * @param late gets those whose patience is over
   */
  private synchronized List<Change<?>> take(List<Change<?>> late) {
    long nowNs = System.nanoTime();
    var batch = new ArrayList<Change<?>>();
    long bytes = 0;
    while (!queue.isEmpty() && batch.size() < MAX_CHANGES) {
      var next = queue.peek();
      if (!batch.isEmpty() && bytes + next.bytes() > MAX_BYTES) {
        break;
      }
      queue.remove();
      if (next.isExpired(nowNs)) {
        late.add(next);
      } else if (next.begin()) {
        batch.add(next);
        bytes += next.bytes();
      }
    }
    return batch;
  }

  /** Fails never. */
  private void commit(List<Change<?>> batch) {
    Connection connection = null;
    boolean isBroken = true;
    boolean isAsked = false;
    try {
      connection = connections.writer();
      apply(connection, batch);
      isAsked = true;
      connection.commit();
      isBroken = false;
      pauseMs = 0;
      faults.onWritten();
    } catch (SQLException | RuntimeException | Error failure) {
      rollBack(connection);
      boolean isUnknown = isAsked && !isRolledBack(failure);
      giveBack(connection, true);
      connection = null;
      onFailed(batch, failure, isUnknown);
      return;
    } finally {
      giveBack(connection, isBroken);
    }
    batch.forEach(Writer::answer);
  }

  private static boolean isRolledBack(Throwable failure) {
    return failure instanceof SQLException sql && SqlFailures.isRolledBack(sql);
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

  private void onFailed(List<Change<?>> batch, Throwable cause, boolean isUnknown) {
    var failure = SqlFailures.of(cause);
    faults.onFailed(failure);
    if (isUnknown) {
      batch.forEach(change -> change.fail(failure));
      return;
    }
    if (failure.kind() == Kind.UNAVAILABLE) {
      pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * pauseMs));
      putBack(batch, failure);
    } else if (failure.kind() == Kind.INTERNAL && batch.size() > 1) {
      // One of them may be at fault: it alone is to fail.
      batch.forEach(change -> commit(List.of(change)));
    } else {
      batch.forEach(change -> change.failNotStored(failure));
    }
  }

  /** In their order, before what waits behind. */
  private void putBack(List<Change<?>> batch, StorageException failure) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      var change = batch.get(i);
      if (change.waitsForDatabase()) {
        synchronized (this) {
          change.putBack();
          queue.addFirst(change);
        }
      } else {
        change.failNotStored(failure);
      }
    }
    failWhatDoesNotWait(failure);
  }

  /** So that they learn of it as soon as those before them. */
  private void failWhatDoesNotWait(StorageException failure) {
    List<Change<?>> failed;
    synchronized (this) {
      failed = queue.stream().filter(change -> !change.waitsForDatabase()).toList();
      queue.removeAll(failed);
    }
    failed.stream().filter(Change::begin).forEach(change -> change.failNotStored(failure));
  }

  private void rollBack(Connection connection) {
    try {
      if (connection != null) {
        connection.rollback();
      }
    } catch (SQLException broken) {
      log.debug("a transaction ended with its connection, reason={}", broken.getMessage());
    }
  }

  private void giveBack(Connection connection, boolean isBroken) {
    if (connection != null) {
      connections.giveBack(connection, isBroken);
    }
  }

  /** Writes what waits, and ends; what has not begun by then fails. */
  void close(long deadlineNs) {
    synchronized (this) {
      isClosing = true;
      notifyAll();
    }
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
