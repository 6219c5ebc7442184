package io.liiklus.positions.redis;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Refusal that writes meet, thrown by {@link #requireAllowed} until a write is stored, or none was
 * refused for {@link #OVER_NS}: writes are not tried without a client. Thread-safe.
 */
final class StandingRefusal {

  /** A refusal that was not met for so long may be over. */
  static final long OVER_NS = TimeUnit.SECONDS.toNanos(15);

  private record Met(StorageException refusal, long atNs) {}

  private final LongSupplier clockNs;
  private volatile Met met;

  StandingRefusal(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /**
   * @param failure null where the write was stored
   */
  void onWritten(StorageException failure) {
    if (failure == null) {
      if (met != null) {
        met = null;
      }
    } else if (failure.kind() == Kind.REFUSED && !RedisFailures.isWrongType(failure)) {
      // Something else under the name of one key is that group's affair.
      met = new Met(failure, clockNs.getAsLong());
    }
  }

  /**
   * Does nothing while no refusal stands.
   *
   * @throws StorageException with the refusal
   */
  void requireAllowed() {
    var last = met;
    if (last != null && clockNs.getAsLong() - last.atNs() < OVER_NS) {
      var refusal = last.refusal();
      throw new StorageException(refusal.kind(), refusal.getMessage(), refusal.getCause());
    }
  }
}
