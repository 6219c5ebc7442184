package io.liiklus.server.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Turns to write at a rate a second: the generic cell rate algorithm (ITU-T I.371). A writer that
 * takes a turn learns its time. Any span of time has no more turns than the rate gives, those of
 * {@link #BURST} and one. Thread-safe.
 *
 * <p>Turns are given in the order of the requests, over all threads: no writer is passed over. They
 * are not given back.
 *
 * <p>A single ack with no other turn open is written at once, beyond the rate too: a client that
 * waits for each answer before the next ack waits for the storage alone.
 */
final class WriteRateLimiter {

  /** Time whose unused writes can be made up for at once. */
  static final Duration BURST = Duration.ofMillis(50);

  private static final long BURST_NS = BURST.toNanos();

  private final long intervalNs;

  /** The theoretical arrival time of the next write. */
  private final AtomicLong arrivalNs;

  /** Turns that were taken and not ended. */
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param perSecond from 1 to 1,000,000
   */
  WriteRateLimiter(int perSecond, long nowNs) {
    this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.arrivalNs = new AtomicLong(nowNs);
  }

  /**
   * Takes the next turn and returns its time: at once where that is not after now. It is open until
   * {@link #endTurn}.
   *
   * @param isSingle whether no more than one ack is to be written
   */
  long takeTurn(long nowNs, boolean isSingle) {
    boolean isAlone = open.getAndIncrement() == 0;
    if (isSingle && isAlone && arrivalNs.get() - nowNs > BURST_NS) {
      // Not counted, or the next writer would wait for the acks that one client made while alone.
      return nowNs;
    }
    long before = arrivalNs.getAndUpdate(at -> later(at, nowNs) + intervalNs);
    return later(before, nowNs) - BURST_NS;
  }

  /** To be called once for each turn: its write was answered, or was not needed. */
  void endTurn() {
    open.decrementAndGet();
  }

  private static long later(long oneNs, long otherNs) {
    return oneNs - otherNs > 0 ? oneNs : otherNs;
  }
}
