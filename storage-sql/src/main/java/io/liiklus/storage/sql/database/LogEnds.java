package io.liiklus.storage.sql.database;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends of logs as far as this process knows them, and the readers that wait there. Bounded by the
 * number of partitions. Thread-safe.
 */
public final class LogEnds {

  /** An end that is not known. */
  public static final long UNKNOWN = -1;

  private final Map<Long, Long> ends = new ConcurrentHashMap<>();
  private final Map<Long, Set<Runnable>> waiters = new ConcurrentHashMap<>();

  public long end(long log) {
    return ends.getOrDefault(log, UNKNOWN);
  }

  /** The log was seen to reach up to here, and may have grown on. */
  public void advance(long log, long end) {
    var before = ends.get(log);
    long now = ends.merge(log, end, Math::max);
    if (before == null || before != now) {
      wake(log);
    }
  }

  /** The log ended here a moment ago; it may have been cut. */
  public void set(long log, long end) {
    var before = ends.put(log, end);
    if (before == null || before != end) {
      wake(log);
    }
  }

  private void wake(long log) {
    waiters.getOrDefault(log, Set.of()).forEach(Runnable::run);
  }

  /** Has the waiter called at each change, on any thread; it must not block. */
  public void open(long log, Runnable waiter) {
    waiters.computeIfAbsent(log, added -> ConcurrentHashMap.newKeySet()).add(waiter);
  }

  public void close(long log, Runnable waiter) {
    waiters.computeIfPresent(
        log,
        (same, all) -> {
          all.remove(waiter);
          return all.isEmpty() ? null : all;
        });
  }

  /** Logs that somebody waits at. */
  public Collection<Long> open() {
    return Set.copyOf(waiters.keySet());
  }
}
