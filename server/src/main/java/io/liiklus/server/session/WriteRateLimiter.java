package io.liiklus.server.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Turns to write, so many a second: the generic cell rate algorithm (ITU-T I.371). Who takes a turn
 * learns when it is. In any span of time there are no more turns than the rate gives, those of
 * {@link #BURST} and one. Thread-safe.
 *
 * <p>Turns are given in the order in which they are asked for, over all threads: nobody is passed
 * over. They are not given back.
 *
 * <p>A single ack with no other turn open is written at once, beyond the rate too: whoever waits
 * for each answer before the next ack waits for the storage alone.
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
   * Takes the next turn and tells when that is: at once where that is not after now. It is open
   * until {@link #endTurn}.
   *
   * @param isSingle whether no more than one ack is to be written
   */
  long takeTurn(long nowNs, boolean isSingle) {
    boolean isAlone = open.getAndIncrement() == 0;
    if (isSingle && isAlone && arrivalNs.get() - nowNs > BURST_NS) {
      // Not counted, or whoever comes next would wait for what one client made of its time alone.
      return nowNs;
    }
    long before = arrivalNs.getAndUpdate(at -> later(at, nowNs) + intervalNs);
    return later(before, nowNs) - BURST_NS;
  }

  /** To be called once for each turn: what it was for is answered, or came to nothing. */
  void endTurn() {
    open.decrementAndGet();
  }

  private static long later(long oneNs, long otherNs) {
    return oneNs - otherNs > 0 ? oneNs : otherNs;
  }
}
