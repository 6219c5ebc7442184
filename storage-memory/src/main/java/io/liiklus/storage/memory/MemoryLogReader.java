package io.liiklus.storage.memory;

import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.NotifiedLogReader;
import java.util.function.Function;

/** Reader of logs in memory; an append to any of its logs wakes it. Confined to one thread. */
final class MemoryLogReader extends NotifiedLogReader {

  private final Function<LogId, MemoryLog> logs;

  MemoryLogReader(Function<LogId, MemoryLog> logs, boolean waitsAtEnd) {
    super(waitsAtEnd);
    this.logs = logs;
  }

  @Override
  protected FetchOutcome fetch(LogId id, FetchPosition from) {
    var log = logs.apply(id);
    long offset = from.offset();
    var range = log.range();
    if (!range.canResumeAt(offset)) {
      return new FetchOutcome.OutOfRange(id, offset, FetchOutcome.NOT_CUT);
    }
    var batch = log.read(offset, waiter());
    if (batch == null) {
      if (log.isEndedAt(offset)) {
        return new FetchOutcome.Ended(id);
      }
      return waitsAtEnd() ? null : new FetchOutcome.Records(id, null, from, 0);
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
  protected void leave(LogId id) {
    logs.apply(id).forget(waiter());
  }
}
