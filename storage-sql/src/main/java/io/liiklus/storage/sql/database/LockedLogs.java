package io.liiklus.storage.sql.database;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Changes of logs that somebody else has locked, out of the way of all others. Thread-safe, by a
 * lock that is held for moments; no caller is notified under it.
 *
 * <p>A log comes here by its writer, which alone adds changes of it, in their order; it goes back
 * once the {@link LockedLogWriter} could write. Bounded in bytes, so that records of one log do not
 * take the room of all.
 */
final class LockedLogs {

  /** Changes of one log, and since when. Under the lock of all. */
  static final class LockedLog {

    final long id;
    final String place;
    final long sinceNs = System.nanoTime();
    private final ChangeQueue home;
    private final Deque<Change<?>> changes = new ArrayDeque<>();

    private LockedLog(long id, String place, ChangeQueue home) {
      this.id = id;
      this.place = place;
      this.home = home;
    }

    /** Where its changes go once it is not locked any more. */
    ChangeQueue home() {
      return home;
    }
  }

  /** What became of a change. */
  enum Added {
    YES,
    NO_ROOM,
    NO_SUCH_LOG
  }

  private final long maxBytes;

  /** In the order of their turns. */
  private final Map<Long, LockedLog> logs = new LinkedHashMap<>();

  private long bytes;
  private boolean isClosing;

  /**
   * @param maxBytes of all changes
   */
  LockedLogs(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Adds a change, with its log where that is not here; false where there is no room.
   *
   * @param home where the log goes back to
   */
  synchronized boolean open(Change<?> change, ChangeQueue home) {
    var log = logs.computeIfAbsent(change.log(), id -> new LockedLog(id, change.place(), home));
    notifyAll();
    return add(log, change);
  }

  /** Adds a change where its log is here. */
  synchronized Added add(Change<?> change) {
    var log = logs.isEmpty() ? null : logs.get(change.log());
    if (log == null) {
      return Added.NO_SUCH_LOG;
    }
    return add(log, change) ? Added.YES : Added.NO_ROOM;
  }

  private boolean add(LockedLog log, Change<?> change) {
    if (isClosing || (bytes > 0 && bytes + change.bytes() > maxBytes)) {
      return false;
    }
    change.onLogLocked();
    bytes += change.bytes();
    log.changes.add(change);
    return true;
  }

  /**
   * Waits for a pause, and then until a log is here. The next turns are those of the others.
   *
   * @param pauseMs 0: none
   * @return null once it is closed
   */
  synchronized LockedLog await(long pauseMs) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMs);
    for (long leftNs = endNs - System.nanoTime(); leftNs > 0 && !isClosing; ) {
      TimeUnit.NANOSECONDS.timedWait(this, leftNs);
      leftNs = endNs - System.nanoTime();
    }
    while (logs.isEmpty() && !isClosing) {
      wait();
    }
    if (isClosing) {
      return null;
    }
    var first = logs.values().iterator().next();
    logs.remove(first.id);
    logs.put(first.id, first);
    return first;
  }

  /** As many as one transaction writes, begun. */
  List<Change<?>> take(LockedLog log) {
    long nowNs = System.nanoTime();
    var late = new ArrayList<Change<?>>();
    var batch = new ArrayList<Change<?>>();
    synchronized (this) {
      long taken = 0;
      while (!log.changes.isEmpty() && batch.size() < ChangeQueue.MAX_CHANGES) {
        var next = log.changes.peek();
        if (!batch.isEmpty() && taken + next.bytes() > ChangeQueue.MAX_BYTES) {
          break;
        }
        log.changes.remove();
        bytes -= next.bytes();
        if (next.isExpired(nowNs)) {
          late.add(next);
        } else if (next.begin()) {
          batch.add(next);
          taken += next.bytes();
        }
      }
    }
    late.forEach(change -> change.expire(nowNs));
    return batch;
  }

  /** Takes back what was surely not written, before all others of its log. */
  synchronized void putBack(LockedLog log, List<Change<?>> batch) {
    for (int i = batch.size() - 1; i >= 0; i--) {
      batch.get(i).putBack();
      bytes += batch.get(i).bytes();
      log.changes.addFirst(batch.get(i));
    }
  }

  /** Removes a log, and returns what is left of it in order. */
  synchronized List<Change<?>> remove(LockedLog log) {
    logs.remove(log.id);
    var left = List.copyOf(log.changes);
    left.forEach(change -> bytes -= change.bytes());
    log.changes.clear();
    return left;
  }

  /** Fails those whose patience is over. */
  void expire(long nowNs) {
    var late = new ArrayList<Change<?>>();
    synchronized (this) {
      for (var log : logs.values()) {
        log.changes.removeIf(
            change -> {
              boolean isOver = !change.isWaiting() || change.isExpired(nowNs);
              if (isOver) {
                bytes -= change.bytes();
                late.add(change);
              }
              return isOver;
            });
      }
    }
    late.forEach(change -> change.expire(nowNs));
  }

  /** All that wait, which are not here any more. */
  synchronized List<Change<?>> removeAll() {
    var all = new ArrayList<Change<?>>();
    List.copyOf(logs.values()).forEach(log -> all.addAll(remove(log)));
    return all;
  }

  /** Takes no more. */
  synchronized void close() {
    isClosing = true;
    notifyAll();
  }
}
