package io.liiklus.storage.sql.records;

import io.liiklus.api.StorageException;
import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.LogReader;
import io.liiklus.storage.sql.database.LogEnds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reader of logs in a database. Where a log has nothing more it waits until its {@linkplain LogEnds
 * end} moves. Confined to one thread, but for {@link #wakeUp}.
 */
final class SqlLogReader implements LogReader {

  /** A log, and where its next fetch begins; null: it is yet to be sought. */
  private static final class Place {
    private FetchPosition next;

    /** The log in the database; 0: not known. */
    private long log;

    private boolean isOpen;
  }

  private final SqlLogs logs;
  private final LogEnds ends;
  private final SliceQuery slices;
  private final Map<LogId, Place> places = new LinkedHashMap<>();

  /** Whether to wait at a log that has nothing more, or to answer that this is its end. */
  private final boolean waitsAtEnd;

  // Any thread.
  private final Semaphore wakeUps = new Semaphore(0);

  /** The same object each time, so that a log has it at most once. */
  private final Runnable waiter = wakeUps::release;

  SqlLogReader(SqlLogs logs, boolean waitsAtEnd) {
    this.logs = logs;
    this.ends = logs.database().ends();
    this.slices = logs.slices();
    this.waitsAtEnd = waitsAtEnd;
  }

  @Override
  public void assign(Collection<LogId> assigned) {
    for (var log : List.copyOf(places.keySet())) {
      if (!assigned.contains(log)) {
        leave(places.remove(log));
      }
    }
    assigned.forEach(log -> places.computeIfAbsent(log, added -> new Place()));
  }

  private void leave(Place place) {
    if (place.isOpen) {
      ends.close(place.log, waiter);
    }
  }

  @Override
  public void seek(LogId log, FetchPosition position) {
    places.computeIfAbsent(log, added -> new Place()).next = position;
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
    for (var entry : places.entrySet()) {
      var place = entry.getValue();
      if (place.next != null) {
        var outcome = fetch(entry.getKey(), place);
        if (outcome instanceof FetchOutcome.Records records) {
          place.next = records.next();
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

  /** Null where the log has nothing for now. */
  private FetchOutcome fetch(LogId id, Place place) {
    long offset = place.next.offset();
    try {
      if (!locate(id, place)) {
        return new FetchOutcome.OutOfRange(id, offset, FetchOutcome.NOT_CUT);
      }
      if (waitsAtEnd && ends.end(place.log) == offset) {
        return null;
      }
      var outcome = slices.fetch(id, place.log, place.next);
      if (outcome instanceof FetchOutcome.OutOfRange) {
        logs.forget(id.topic());
      }
      boolean isIdle = outcome instanceof FetchOutcome.Records records && records.batch() == null;
      return waitsAtEnd && isIdle ? null : outcome;
    } catch (StorageException failure) {
      return outcome(id, offset, failure);
    }
  }

  /** False where there is no such partition. */
  private boolean locate(LogId id, Place place) {
    if (place.log == 0) {
      place.log = logs.logOf(id.topic(), id.partition());
    }
    if (place.log != 0 && waitsAtEnd && !place.isOpen) {
      ends.open(place.log, waiter);
      place.isOpen = true;
    }
    return place.log != 0;
  }

  private static FetchOutcome outcome(LogId id, long offset, StorageException failure) {
    return switch (failure.kind()) {
      case DATA_LOSS ->
          new FetchOutcome.Unreadable(id, offset, failure.getMessage(), failure.getCause());
      case REFUSED, PRECONDITION, INTERNAL -> new FetchOutcome.Refused(failure);
      default -> new FetchOutcome.Away(failure, false);
    };
  }

  @Override
  public void wakeUp() {
    wakeUps.release();
  }

  @Override
  public void close() {
    places.values().forEach(this::leave);
    places.clear();
  }
}
