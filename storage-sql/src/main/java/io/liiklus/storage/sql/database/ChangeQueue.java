package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Changes that wait for a writer, in the order in which they came. Thread-safe, by a lock that is
 * held for moments; no caller is notified under it.
 *
 * <p>Bounded by those who ask: records by bytes, other changes by number.
 */
final class ChangeQueue {

  static final int MAX_CHANGES = 500;
  static final long MAX_BYTES = 1 << 20;

  private final LockedLogs locked;
  private final Deque<Change<?>> queue = new ArrayDeque<>();
  private boolean isClosing;

  /**
   * @param locked gets the changes of its logs, which do not wait here
   */
  ChangeQueue(LockedLogs locked) {
    this.locked = locked;
  }

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

  /**
   * Waits for a pause, and then until there is something to write.
   *
   * @param pauseMs 0: none
   * @return false once it is closed and has nothing left, or nothing that could be written now
   */
  synchronized boolean await(long pauseMs) throws InterruptedException {
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

  /** As many as one transaction writes, begun; those whose patience is over fail. */
  List<Change<?>> take() {
    long nowNs = System.nanoTime();
    var late = new ArrayList<Change<?>>();
    var batch = new ArrayList<Change<?>>();
    var refused = new ArrayList<Change<?>>();
    synchronized (this) {
      long bytes = 0;
      while (!queue.isEmpty() && batch.size() < MAX_CHANGES) {
        var next = queue.peek();
        if (!batch.isEmpty() && bytes + next.bytes() > MAX_BYTES) {
          break;
        }
        queue.remove();
        if (next.isExpired(nowNs)) {
          late.add(next);
          continue;
        }
        var added = locked.add(next);
        if (added == LockedLogs.Added.NO_ROOM) {
          refused.add(next);
        } else if (added == LockedLogs.Added.NO_SUCH_LOG && next.begin()) {
          batch.add(next);
          bytes += next.bytes();
        }
      }
    }
    late.forEach(change -> change.expire(nowNs));
    refused.forEach(Change::failAsLocked);
    return batch;
  }

  /**
   * Moves changes to the locked logs, but for those of logs that are free. By the thread that
   * {@linkplain #take takes} alone, and all at once: no log {@linkplain #takeBack comes back}
   * between two of them, so that each keeps its order.
   *
   * @param batch begun, and surely not written
   * @return the others, as they are
   */
  List<Change<?>> setAside(List<Change<?>> batch, Set<Long> free) {
    var others = new ArrayList<Change<?>>();
    var refused = new ArrayList<Change<?>>();
    synchronized (this) {
      for (var change : batch) {
        if (change.log() == 0 || free.contains(change.log())) {
          others.add(change);
        } else if (!locked.open(change, this)) {
          change.putBack();
          refused.add(change);
        }
      }
    }
    refused.forEach(Change::failAsLocked);
    return others;
  }

  /** Takes changes back from the locked logs, before all others. */
  void takeBack(LockedLogs.LockedLog log) {
    synchronized (this) {
      // At once, so that nothing of the log comes between.
      var left = locked.remove(log);
      for (int i = left.size() - 1; i >= 0; i--) {
        queue.addFirst(left.get(i));
      }
      notifyAll();
    }
  }

  /**
   * Takes back what was surely not written: what waits for the database goes before all others, in
   * its order; the rest fails, here and behind.
   */
  void putBack(List<Change<?>> batch, StorageException failure) {
    var failed = new ArrayList<Change<?>>();
    synchronized (this) {
      for (int i = batch.size() - 1; i >= 0; i--) {
        batch.get(i).putBack();
        queue.addFirst(batch.get(i));
      }
      queue.removeIf(
          change -> {
            boolean isToFail = !change.waitsForDatabase() && change.begin();
            if (isToFail) {
              failed.add(change);
            } else {
              change.onAway(failure);
            }
            return isToFail;
          });
    }
    failed.forEach(change -> change.failNotStored(failure));
  }

  /** Fails all that wait. */
  void failAll(StorageException failure) {
    var failed = new ArrayList<Change<?>>();
    synchronized (this) {
      queue.stream().filter(Change::begin).forEach(failed::add);
      queue.clear();
    }
    failed.forEach(change -> change.failNotStored(failure));
  }

  /** Fails those whose patience is over. */
  void expire(long nowNs) {
    List<Change<?>> late;
    synchronized (this) {
      queue.removeIf(change -> !change.isWaiting());
      late = queue.stream().filter(change -> change.isExpired(nowNs)).toList();
    }
    late.forEach(change -> change.expire(nowNs));
  }

  /** Takes no more. */
  synchronized void close() {
    isClosing = true;
    notifyAll();
  }
}
