package io.liiklus.storage.memory;

import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.LogReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Reader of logs in memory; an append to any of its logs wakes it. Confined to one thread, but for
 * {@link #wakeUp}.
 */
final class MemoryLogReader implements LogReader {

  private final Function<LogId, MemoryLog> logs;

  /** Where the next fetch of each log begins; null: it is yet to be sought. */
  private final Map<LogId, FetchPosition> next = new LinkedHashMap<>();

  /** Whether to wait at a log that has nothing more, or to answer that this is its end. */
  private final boolean waitsAtEnd;

  // Any thread.
  private final Semaphore wakeUps = new Semaphore(0);

  /** The same object each time, so that a log has it at most once. */
  private final Runnable waiter = wakeUps::release;

  MemoryLogReader(Function<LogId, MemoryLog> logs, boolean waitsAtEnd) {
    this.logs = logs;
    this.waitsAtEnd = waitsAtEnd;
  }

  @Override
  public void assign(Collection<LogId> assigned) {
    for (var log : List.copyOf(next.keySet())) {
      if (!assigned.contains(log)) {
        next.remove(log);
        logs.apply(log).forget(waiter);
      }
    }
    assigned.forEach(log -> next.putIfAbsent(log, null));
  }

  @Override
  public void seek(LogId log, FetchPosition position) {
    next.put(log, position);
  }

  @Override
  public List<FetchOutcome> fetch(Duration wait) {
    var outcomes = fetchOnce();
    if (outcomes.isEmpty() && await(wait)) {
      // Before it looks: what comes behind that is for the next fetch.
      wakeUps.drainPermits();
      outcomes = fetchOnce();
    }
    return outcomes;
  }

  /** Each log that has nothing calls the waiter at the next append. */
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
      }
    }
    return outcomes;
  }

  /** Null where the log has nothing for now. */
  private FetchOutcome fetch(LogId id, FetchPosition from) {
    var log = logs.apply(id);
    long offset = from.offset();
    var range = log.range();
    if (!range.canResumeAt(offset)) {
      return new FetchOutcome.OutOfRange(id, offset, FetchOutcome.NOT_CUT);
    }
    var batch = log.read(offset, waiter);
    if (batch == null) {
      if (log.isEndedAt(offset)) {
        return new FetchOutcome.Ended(id);
      }
      return waitsAtEnd ? null : new FetchOutcome.Records(id, null, from, 0);
    }
    if (batch.offset(0) != offset) {
      // The start of the log has passed this place since.
      return new FetchOutcome.OutOfRange(id, offset, FetchOutcome.NOT_CUT);
    }
    var behind = FetchPosition.named(batch.nextOffset());
    long lag = Math.max(0, log.range().end() - behind.offset());
    return new FetchOutcome.Records(id, batch, behind, lag);
  }

  @Override
  public void wakeUp() {
    wakeUps.release();
  }

  @Override
  public void close() {
    next.keySet().forEach(log -> logs.apply(log).forget(waiter));
    next.clear();
  }
}
