package io.liiklus.storage.pulsar;

import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.NotifiedLogReader;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reader of partitions, with a {@link PartitionCursor} for each. Confined to one thread. */
final class PulsarLogReader extends NotifiedLogReader {

  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PulsarLogs logs;
  private final Map<LogId, PartitionCursor> cursors = new HashMap<>();

  /** By log that could not be read, when it is tried again. */
  private final Map<LogId, Long> retriesNs = new HashMap<>();

  PulsarLogReader(PulsarLogs logs, boolean waitsAtEnd) {
    super(waitsAtEnd);
    this.logs = logs;
  }

  @Override
  protected FetchOutcome fetch(LogId log, FetchPosition from) {
    var retryNs = retriesNs.get(log);
    if (retryNs != null && System.nanoTime() - retryNs < 0) {
      return null;
    }
    var cursor = cursors.get(log);
    if (cursor == null || cursor.isOver() || cursor.next() != from.offset()) {
      close(log);
      cursor = new PartitionCursor(logs, log, from.offset(), waitsAtEnd(), waiter());
      cursors.put(log, cursor);
    }
    var outcome = cursor.fetch();
    if (waitsAtEnd() && outcome instanceof FetchOutcome.Away away) {
      // Of one topic mostly, which its broker unloads: the others are read on.
      logs.onNotServed(log, away.reason());
      retriesNs.put(log, System.nanoTime() + RETRY_NS);
      return null;
    }
    return outcome;
  }

  private void close(LogId log) {
    var cursor = cursors.remove(log);
    if (cursor != null) {
      cursor.close();
    }
    retriesNs.remove(log);
  }

  @Override
  protected void leave(LogId log) {
    close(log);
  }
}
