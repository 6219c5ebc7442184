package io.liiklus.storage.read;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reader of logs that call back when something comes: fetches each in turn, and waits where none
 * has anything. A storage brings the fetch of one log. Confined to one thread, but for {@link
 * #wakeUp}.
 */
public abstract class NotifiedLogReader implements LogReader {

  /** Where the next fetch of each log begins; null: it is yet to be sought. */
  private final Map<LogId, FetchPosition> next = new LinkedHashMap<>();

  private final boolean waitsAtEnd;

  // Any thread.
  private final Semaphore wakeUps = new Semaphore(0);

  private final Runnable waiter = wakeUps::release;

  /**
   * @param waitsAtEnd whether to wait at a log that has nothing more, or to answer that this is its
   *     end
   */
  protected NotifiedLogReader(boolean waitsAtEnd) {
    this.waitsAtEnd = waitsAtEnd;
  }

  protected final boolean waitsAtEnd() {
    return waitsAtEnd;
  }

  /** To be run when something comes. The same object each time, so that a log has it only once. */
  protected final Runnable waiter() {
    return waiter;
  }

  /** Null where the log has nothing for now. */
  protected abstract FetchOutcome fetch(LogId log, FetchPosition from);

  /** The log is not read any more: it calls back no longer. */
  protected abstract void leave(LogId log);

  @Override
  public final void assign(Collection<LogId> assigned) {
    for (var log : List.copyOf(next.keySet())) {
      if (!assigned.contains(log)) {
        next.remove(log);
        leave(log);
      }
    }
    assigned.forEach(log -> next.putIfAbsent(log, null));
  }

  @Override
  public final void seek(LogId log, FetchPosition position) {
    next.put(log, position);
  }

  @Override
  public final List<FetchOutcome> fetch(Duration wait) {
    var outcomes = fetchOnce();
    if (outcomes.isEmpty() && await(wait)) {
      // Before it looks: what comes behind that is for the next fetch.
      wakeUps.drainPermits();
      outcomes = fetchOnce();
    }
    return outcomes;
  }

  private boolean await(Duration wait) {
    try {
      return wakeUps.tryAcquire(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<FetchOutcome> fetchOnce() {
    var outcomes = new ArrayList<FetchOutcome>();
    for (var entry : next.entrySet()) {
      if (entry.getValue() != null) {
        var outcome = fetch(entry.getKey(), entry.getValue());
        if (outcome instanceof FetchOutcome.Records records) {
          entry.setValue(records.next());
        }
        if (outcome != null) {
          outcomes.add(outcome);
        }
        if (outcome instanceof FetchOutcome.Away) {
          // So are the others.
          return outcomes;
        }
      }
    }
    return outcomes;
  }

  @Override
  public final void wakeUp() {
    wakeUps.release();
  }

  @Override
  public final void close() {
    next.keySet().forEach(this::leave);
    next.clear();
  }
}
