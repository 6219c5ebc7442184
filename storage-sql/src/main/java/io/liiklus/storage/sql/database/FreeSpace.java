package io.liiklus.storage.sql.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watch over the room on the disk of an embedded file: a WARN while there is little, at most once
 * an hour. Thread-safe.
 */
final class FreeSpace {

  private static final Logger log = LoggerFactory.getLogger(FreeSpace.class);
  private static final long LOG_NS = TimeUnit.HOURS.toNanos(1);

  private final Path file;
  private final long warning;
  private final LongSupplier clockNs;

  // Under the lock.
  private long loggedNs;
  private boolean isLow;

  /**
   * @param warning bytes below which there is little; 0: never
   */
  FreeSpace(Path file, long warning, LongSupplier clockNs) {
    this.file = file;
    this.warning = warning;
    this.clockNs = clockNs;
    this.loggedNs = clockNs.getAsLong() - LOG_NS;
  }

  /** Asks the file system, which may block. */
  void look() {
    try {
      onFree(Files.getFileStore(file).getUsableSpace());
    } catch (IOException failure) {
      // What stands in the way of writes is logged by who writes.
      log.debug("the room on the disk is not known, reason={}", failure.getMessage());
    }
  }

  synchronized void onFree(long free) {
    if (free >= warning) {
      if (isLow) {
        log.info("the disk of the embedded file has room again, file={} free={}", file, free);
        isLow = false;
      }
      return;
    }
    long nowNs = clockNs.getAsLong();
    if (nowNs - loggedNs < LOG_NS) {
      return;
    }
    loggedNs = nowNs;
    isLow = true;
    log.warn(
        "the disk of the embedded file has little room left, and records are refused when it is"
            + " full: make room, or set sql.retention.time or sql.retention.bytes, file={} free={}"
            + " sql.freeSpaceWarning={} (logged once an hour)",
        file,
        free,
        warning);
  }
}
