package io.liiklus.storage.read;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reader of {@link FakeLog}s, from where it stands, one record of each at a time. It steps the
 * loops above it, and stands for no storage. Confined to the test's thread.
 */
final class FakeLogReader implements LogReader {

  private final Map<LogId, FakeLog> logs;
  private final Map<LogId, FetchPosition> positions = new HashMap<>();
  private boolean isWoken;
  private boolean isClosed;

  FakeLogReader(Map<LogId, FakeLog> logs) {
    this.logs = logs;
  }

  /** Opens such readers for both ends of the logs. */
  static LogReaders readers(Map<LogId, FakeLog> logs) {
    return new FakeLogReaders() {
      @Override
      FakeLogReader open() {
        return new FakeLogReader(logs);
      }
    };
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public void assign(Collection<LogId> wanted) {
    positions.keySet().retainAll(wanted);
  }

  @Override
  public void seek(LogId log, FetchPosition position) {
    positions.put(log, position);
  }

  @Override
  public List<FetchOutcome> fetch(Duration wait) {
    if (isWoken) {
      isWoken = false;
      return List.of();
    }
    var outcomes = new ArrayList<FetchOutcome>();
    for (var log : List.copyOf(positions.keySet())) {
      outcomes.add(read(log, logs.get(log), positions.get(log)));
    }
    return outcomes;
  }

  private FetchOutcome read(LogId id, FakeLog log, FetchPosition position) {
    long offset = position.offset();
    if (position.isEpochKnown() && log.endOf(position.epoch()) < offset) {
      return new FetchOutcome.OutOfRange(id, offset, log.endOf(position.epoch()));
    }
    if (offset < log.start || offset > log.end) {
      return new FetchOutcome.OutOfRange(id, offset, FetchOutcome.NOT_CUT);
    }
    if (log.hidden.containsKey(offset)) {
      return found(id, null, new FetchPosition(log.hidden.get(offset), position.epoch()));
    }
    var found = log.records.ceilingEntry(offset);
    if (log.unreadable >= offset && (found == null || log.unreadable < found.getKey())) {
      return new FetchOutcome.Unreadable(id, log.unreadable, "crc", null);
    }
    if (found == null) {
      // Behind the last record there may be markers.
      return found(id, null, new FetchPosition(log.end, position.epoch()));
    }
    var record = found.getValue();
    return found(
        id, new FakeBatch(List.of(record)), new FetchPosition(record.offset() + 1, record.epoch()));
  }

  private FetchOutcome found(LogId id, FetchedBatch batch, FetchPosition next) {
    positions.put(id, next);
    long lag = Math.max(0, logs.get(id).end - next.offset());
    return new FetchOutcome.Records(id, batch, next, lag);
  }

  @Override
  public void wakeUp() {
    isWoken = true;
  }

  @Override
  public void close() {
    isClosed = true;
  }
}
