package io.liiklus.storage.sql.records;

import io.liiklus.api.StorageException;
import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.NotifiedLogReader;
import io.liiklus.storage.sql.database.LogEnds;
import java.util.HashMap;
import java.util.Map;

/**
 * Reader of logs in a database. Where a log has nothing more it waits until its {@linkplain LogEnds
 * end} moves. Confined to one thread.
 */
final class SqlLogReader extends NotifiedLogReader {

  /** A log as it is in the database. */
  private static final class Place {

    /** Id of the log; 0: not known. */
    private long log;

    private boolean isOpen;
  }

  private final SqlLogs logs;
  private final LogEnds ends;
  private final SliceQuery slices;
  private final Map<LogId, Place> places = new HashMap<>();

  SqlLogReader(SqlLogs logs, boolean waitsAtEnd) {
    super(waitsAtEnd);
    this.logs = logs;
    this.ends = logs.database().ends();
    this.slices = logs.slices();
  }

  @Override
  protected FetchOutcome fetch(LogId id, FetchPosition from) {
    long offset = from.offset();
    var place = places.computeIfAbsent(id, added -> new Place());
    try {
      if (!locate(id, place)) {
        return new FetchOutcome.OutOfRange(id, offset, FetchOutcome.NOT_CUT);
      }
      if (waitsAtEnd() && ends.end(place.log) == offset) {
        return null;
      }
      var outcome = slices.fetch(id, place.log, from);
      if (outcome instanceof FetchOutcome.OutOfRange) {
        logs.forget(id.topic());
      }
      boolean isIdle = outcome instanceof FetchOutcome.Records records && records.batch() == null;
      return waitsAtEnd() && isIdle ? null : outcome;
    } catch (StorageException failure) {
      return outcome(id, offset, failure);
    }
  }

  /** False where there is no such partition. */
  private boolean locate(LogId id, Place place) {
    if (place.log == 0) {
      place.log = logs.logOf(id.topic(), id.partition());
    }
    if (place.log != 0 && waitsAtEnd() && !place.isOpen) {
      ends.open(place.log, waiter());
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
  protected void leave(LogId id) {
    var place = places.remove(id);
    if (place != null && place.isOpen) {
      ends.close(place.log, waiter());
    }
  }
}
