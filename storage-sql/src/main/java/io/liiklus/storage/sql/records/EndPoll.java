package io.liiklus.storage.sql.records;

import io.liiklus.api.StorageException;
import io.liiklus.storage.sql.database.LogEnds;
import io.liiklus.storage.sql.database.SqlDatabase;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Poll for the ends of logs that are read at their end, to which other gateways append. One query
 * asks for all of them; none is sent while nobody waits. Confined to its thread, but for {@link
 * #close}.
 */
final class EndPoll implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(EndPoll.class);

  /** A database that does not answer is asked less often. */
  private static final long PAUSE_NS = 500_000_000;

  private final SqlDatabase database;
  private final LogTable logs;
  private final long intervalNs;
  private final Thread thread = new Thread(this, "liiklus-sql-poll");
  private volatile boolean isClosed;

  EndPoll(SqlDatabase database, LogTable logs, Duration interval) {
    this.database = database;
    this.logs = logs;
    this.intervalNs = interval.toNanos();
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    while (!isClosed) {
      long pauseNs = intervalNs;
      try {
        runOnce();
      } catch (StorageException away) {
        // Who reads is told by a fetch of its own.
        log.debug("cannot look for ends of logs, trying on, reason={}", away.getMessage());
        pauseNs = PAUSE_NS;
      } catch (RuntimeException | Error fault) {
        log.error("looking for ends of logs failed by a fault of the gateway, trying on", fault);
        pauseNs = PAUSE_NS;
      }
      LockSupport.parkNanos(pauseNs);
    }
  }

  private void runOnce() {
    var open = database.ends().open();
    if (open.isEmpty()) {
      return;
    }
    var found = database.askNow(connection -> logs.ends(connection, open.toArray(Long[]::new)));
    for (long id : open) {
      // Of one that was deleted a reader finds out itself.
      database.ends().set(id, found.getOrDefault(id, LogEnds.UNKNOWN));
    }
  }

  void close() {
    isClosed = true;
    LockSupport.unpark(thread);
  }
}
