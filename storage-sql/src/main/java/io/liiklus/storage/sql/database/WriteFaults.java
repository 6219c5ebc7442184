package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Failures to write that an operator has to mend: logged once a minute, and told by checks until
 * something was written again. Thread-safe.
 */
final class WriteFaults {

  private static final Logger log = LoggerFactory.getLogger(WriteFaults.class);
  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  /** A fault that was not met for so long may be over: only a write would tell. */
  private static final long OVER_NS = TimeUnit.SECONDS.toNanos(15);

  private final LongSupplier clockNs;
  private final AtomicLong loggedNs;

  private volatile StorageException standing;
  private volatile long metNs;

  WriteFaults(LongSupplier clockNs) {
    this.clockNs = clockNs;
    this.loggedNs = new AtomicLong(clockNs.getAsLong() - LOG_NS);
  }

  void onFailed(StorageException failure) {
    if (failure.kind() == Kind.UNAVAILABLE || failure.kind() == Kind.CLOSED) {
      // The gateway looks whether the storage answers, and logs that.
      return;
    }
    metNs = clockNs.getAsLong();
    standing = failure;
    long lastNs = loggedNs.get();
    if (metNs - lastNs < LOG_NS || !loggedNs.compareAndSet(lastNs, metNs)) {
      return;
    }
    var cause = failure.kind() == Kind.INTERNAL ? failure : null;
    log.error(
        "the database takes no writes, trying on, reason={} (logged once a minute)",
        failure.getMessage(),
        cause);
  }

  void onWritten() {
    standing = null;
  }

  /**
   * @throws StorageException while one is met
   */
  void check() {
    var met = standing;
    if (met != null && clockNs.getAsLong() - metNs < OVER_NS) {
      throw met;
    }
  }
}
