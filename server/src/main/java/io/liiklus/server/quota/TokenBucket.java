package io.liiklus.server.quota;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Rate limit of bytes, as a token bucket: it fills with the rate up to its burst, and every byte
 * takes a token. What is taken may be more than there is; then the next one waits until the debt is
 * paid, so that what is larger than the burst passes too. Thread-safe, without a lock.
 *
 * <p>It is kept as the one time at which it has (or had) exactly no tokens: this moves on with what
 * is taken, and lies at most a burst in the past. ITU-T I.371 calls that form the virtual
 * scheduling algorithm.
 */
public final class TokenBucket {

  /** Without a limit. */
  public static final TokenBucket UNLIMITED = new TokenBucket(0, System::nanoTime);

  private static final long SECOND_NS = 1_000_000_000;

  /** What may be taken at once after a rest: that of so much time. */
  private static final long BURST_NS = SECOND_NS;

  private final long bytesPerSecond;
  private final LongSupplier clockNs;
  private final AtomicLong emptyAtNs;

  /**
   * Full at first.
   *
   * @param bytesPerSecond 0: without a limit
   */
  TokenBucket(long bytesPerSecond, LongSupplier clockNs) {
    this.bytesPerSecond = bytesPerSecond;
    this.clockNs = clockNs;
    this.emptyAtNs = new AtomicLong(clockNs.getAsLong() - BURST_NS);
  }

  public boolean isUnlimited() {
    return bytesPerSecond == 0;
  }

  /** Time until something may be taken; 0: now. */
  public long waitNs() {
    return isUnlimited() ? 0 : Math.max(0, emptyAtNs.get() - clockNs.getAsLong());
  }

  /** Takes tokens, whether there are so many or not. */
  public void take(long bytes) {
    if (isUnlimited()) {
      return;
    }
    long nowNs = clockNs.getAsLong();
    long costNs = Math.round((double) bytes / bytesPerSecond * SECOND_NS);
    emptyAtNs.updateAndGet(
        before -> before - (nowNs - BURST_NS) > 0 ? before + costNs : nowNs - BURST_NS + costNs);
  }

  /** Whether it is as full as at first. */
  boolean isFull() {
    return emptyAtNs.get() - (clockNs.getAsLong() - BURST_NS) <= 0;
  }
}
