package io.liiklus.storage.sql.records;

import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.StoredBatch;
import io.liiklus.storage.read.StoredRecord;
import io.liiklus.storage.record.HeaderCodec;
import io.liiklus.storage.sql.database.SqlDatabase;
import io.liiklus.storage.sql.records.RecordTable.LogSlice;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Query for the next records of a log, bounded in number and bytes. Thread-safe; its caller blocks.
 */
final class SliceQuery {

  static final int MAX_RECORDS = 500;
  static final long MAX_BYTES = 512 * 1024;

  private static final String COLUMNS = "off, time, key, value, headers";
  private static final long UNKNOWN_LAG = -1;

  private final SqlDatabase database;
  private final RecordTable records;
  private final LogTable logs;

  /** Records up to a bound, and whether that ended them. */
  private record Slice(List<StoredRecord> records, boolean isCut, FetchOutcome trouble) {

    private StoredBatch batch() {
      return new StoredBatch(records.toArray(StoredRecord[]::new));
    }
  }

  SliceQuery(SqlDatabase database, RecordTable records, LogTable logs) {
    this.database = database;
    this.records = records;
    this.logs = logs;
  }

  /**
   * @throws io.liiklus.api.StorageException where the database does not answer with records
   */
  FetchOutcome fetch(LogId id, long log, FetchPosition from) {
    return database.askNow(connection -> fetch(connection, id, log, from));
  }

  private FetchOutcome fetch(Connection connection, LogId id, long log, FetchPosition from)
      throws SQLException {
    long offset = from.offset();
    var slice = read(connection, id, new LogSlice(log, offset, MAX_RECORDS));
    if (slice.trouble != null) {
      return slice.trouble;
    }
    boolean isWhole = !slice.records.isEmpty() && slice.records.get(0).offset() == offset;
    if (isWhole && slice.isCut) {
      var batch = slice.batch();
      var next = FetchPosition.named(batch.nextOffset());
      return new FetchOutcome.Records(id, batch, next, UNKNOWN_LAG);
    }
    // Behind the records: what retention removed before they were read is below its start.
    var range = logs.range(connection, log);
    if (range == null || !range.canResumeAt(offset)) {
      return new FetchOutcome.OutOfRange(id, offset, FetchOutcome.NOT_CUT);
    }
    if (slice.records.isEmpty()) {
      return atEnd(id, log, from, range.end());
    }
    var batch = slice.batch();
    database.ends().advance(log, Math.max(range.end(), batch.nextOffset()));
    long lag = Math.max(0, range.end() - batch.nextOffset());
    return new FetchOutcome.Records(id, batch, FetchPosition.named(batch.nextOffset()), lag);
  }

  private FetchOutcome atEnd(LogId id, long log, FetchPosition from, long end) {
    database.ends().advance(log, end);
    // Where records came meanwhile they are for the next fetch.
    return new FetchOutcome.Records(id, null, from, end - from.offset());
  }

  private Slice read(Connection connection, LogId id, LogSlice wanted) throws SQLException {
    if (!database.isEmbedded()) {
      // Else the driver reads all of it at once. The pool ends the transaction.
      connection.setAutoCommit(false);
    }
    try (var statement = records.select(connection, COLUMNS, wanted);
        var found = statement.executeQuery()) {
      return collect(found, id, wanted.count());
    }
  }

  private static Slice collect(ResultSet found, LogId id, int count) throws SQLException {
    var collected = new ArrayList<StoredRecord>();
    long bytes = 0;
    try {
      while (bytes < MAX_BYTES && found.next()) {
        var record = record(found);
        collected.add(record);
        bytes += record.bytes();
      }
    } catch (SQLException | IllegalArgumentException damaged) {
      if (!collected.isEmpty()) {
        // Those before it are good; the next fetch begins at the damage.
        return new Slice(collected, true, null);
      }
      if (damaged instanceof SQLException failure) {
        throw failure;
      }
      return new Slice(collected, true, unreadable(id, found.getLong(1), damaged));
    }
    return new Slice(collected, bytes >= MAX_BYTES || collected.size() == count, null);
  }

  private static StoredRecord record(ResultSet found) throws SQLException {
    return StoredRecord.of(
        found.getLong(1),
        found.getLong(2),
        found.getBytes(3),
        found.getBytes(4),
        HeaderCodec.decode(found.getBytes(5)));
  }

  private static FetchOutcome unreadable(LogId id, long offset, Exception damaged) {
    return new FetchOutcome.Unreadable(
        id, offset, "its headers are damaged: " + damaged.getMessage(), damaged);
  }
}
