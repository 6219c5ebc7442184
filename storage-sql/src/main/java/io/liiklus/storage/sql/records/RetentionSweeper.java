package io.liiklus.storage.sql.records;

import io.liiklus.api.StorageException;
import io.liiklus.storage.sql.database.Change;
import io.liiklus.storage.sql.database.SqlDatabase;
import io.liiklus.storage.sql.records.LogSweep.LogRow;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removal of records by age and by bytes, in steps of a bounded number. Confined to its thread, but
 * for {@link #close}.
 *
 * <p>Gateways that share a database may all run it: whoever moves the start of a log first deletes
 * what is below.
 */
final class RetentionSweeper implements Runnable {

  /** Records of a log that a step looks at and deletes; others are written between two steps. */
  static final int STEP = 2_000;

  private static final Logger log = LoggerFactory.getLogger(RetentionSweeper.class);

  private final SqlDatabase database;
  private final RecordTable records;
  private final RecordsSettings settings;
  private final Sweep.Kind kind;
  private final Duration interval;
  private final RetentionClock clock;
  private final Thread thread = new Thread(this, "liiklus-sql-retention");
  private final CountDownLatch closed = new CountDownLatch(1);

  /**
   * @param interval between two sweeps over all logs
   */
  RetentionSweeper(
      SqlDatabase database, RecordsSettings settings, Duration interval, RetentionClock clock) {
    this.database = database;
    this.records = RecordTable.of(database);
    this.settings = settings;
    this.kind = new Sweep.Kind(records);
    this.interval = interval;
    this.clock = clock;
  }

  void start() {
    if (settings.retention().isOn()) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public void run() {
    try {
      while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
        runSafely();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runSafely() {
    try {
      sweepAll();
    } catch (StorageException failure) {
      // What stands in the way of writes is logged by who writes.
      log.debug("records were not removed, trying on, reason={}", failure.getMessage());
    } catch (RuntimeException | Error fault) {
      log.error("removing old records failed by a fault of the gateway, trying on", fault);
    }
  }

  /** Sweeps all logs once. */
  void sweepAll() {
    long nowMs = clock.nowMs();
    for (var row : database.askNow(this::rows)) {
      sweep(row, nowMs);
    }
  }

  private List<LogRow> rows(Connection connection) throws SQLException {
    var sql =
        "select id, start_off, bytes from %s where end_off > start_off order by id"
            .formatted(database.tables().log());
    var rows = new ArrayList<LogRow>();
    try (var statement = connection.createStatement();
        var found = statement.executeQuery(sql)) {
      while (found.next()) {
        rows.add(new LogRow(found.getLong(1), found.getLong(2), found.getLong(3)));
      }
    }
    return rows;
  }

  private void sweep(LogRow first, long nowMs) {
    var row = first;
    while (closed.getCount() > 0) {
      var found = row;
      var sweep =
          database.askNow(
              connection ->
                  LogSweep.find(connection, records, found, settings.retention(), nowMs, STEP));
      if (sweep.isEmpty() || !write(Sweep.ofStart(kind, sweep, patience()))) {
        return;
      }
      write(Sweep.ofRecords(kind, sweep, patience()));
      if (!sweep.isCut(STEP)) {
        return;
      }
      row = new LogRow(row.id(), sweep.newStart(), row.bytes() - sweep.freedBytes());
    }
  }

  private Duration patience() {
    return database.settings().timeouts().statement();
  }

  private <T> T write(Change<T> change) {
    database.write(change);
    try {
      return change.join();
    } catch (CompletionException failure) {
      throw StorageException.of(failure);
    }
  }

  void close() {
    closed.countDown();
  }
}
