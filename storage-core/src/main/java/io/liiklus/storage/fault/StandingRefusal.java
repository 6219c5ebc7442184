package io.liiklus.storage.fault;

import io.liiklus.api.StorageException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Refusal that writes meet for {@link #STANDS_NS}, with none stored meanwhile. It stands until a
 * write is stored, or none was refused for {@link #OVER_NS}: writes are not tried without a client.
 * A single write that was refused, or one group whose writes are, tells nothing of the others, and
 * takes no gateway out of service. Thread-safe.
 */
public final class StandingRefusal {

  /** Longer than it takes to replace a right, or a login. */
  static final long STANDS_NS = TimeUnit.SECONDS.toNanos(5);

  /** A refusal that was not met for so long may be over. */
  static final long OVER_NS = TimeUnit.SECONDS.toNanos(15);

  /** Refusals in a row; the reason is that of the last. Immutable. */
  private record Met(StorageException reason, long firstNs, long lastNs) {

    private boolean isOver(long nowNs) {
      return nowNs - lastNs >= OVER_NS;
    }
  }

  private final LongSupplier clockNs;

  /** Null where the last write was stored. Written guarded by this. */
  private volatile Met met;

  /**
   * @param clockNs as {@link System#nanoTime}
   */
  public StandingRefusal(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** A write was stored. */
  public void onStored() {
    if (met != null) {
      clear();
    }
  }

  private synchronized void clear() {
    met = null;
  }

  /** A write was refused. */
  public synchronized void onRefused(StorageException reason) {
    long nowNs = clockNs.getAsLong();
    var last = met;
    boolean isFirst = last == null || last.isOver(nowNs);
    met = new Met(reason, isFirst ? nowNs : last.firstNs(), nowNs);
  }

  /**
   * Does nothing while no refusal stands.
   *
   * @throws StorageException with the refusal
   */
  public void requireAllowed() {
    var last = met;
    if (last != null
        && last.lastNs() - last.firstNs() >= STANDS_NS
        && !last.isOver(clockNs.getAsLong())) {
      var reason = last.reason();
      throw new StorageException(reason.kind(), reason.getMessage(), reason.getCause());
    }
  }
}
