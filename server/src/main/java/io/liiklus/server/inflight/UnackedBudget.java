package io.liiklus.server.inflight;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bound on the bytes of all records of the process that are out without an ack. Past it only
 * partitions below an equal share are read. Thread-safe.
 */
public final class UnackedBudget {

  private final long maxBytes;
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger shares = new AtomicInteger();

  /** Shares that wait, each once. */
  private final Queue<Share> waiting = new ConcurrentLinkedQueue<>();

  public UnackedBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** Bytes that are out now. */
  public long bytes() {
    return bytes.get();
  }

  /**
   * Opens the share of a partition.
   *
   * @param onRoom notified, on any thread, once it may go on that has waited; must not block
   */
  public Share open(Runnable onRoom) {
    shares.incrementAndGet();
    return new Share(onRoom);
  }

  private boolean isExceeded() {
    return bytes.get() >= maxBytes;
  }

  private void wakeUp() {
    if (isExceeded()) {
      return;
    }
    // No more than wait now: who waits again is notified later.
    for (int left = shares.get(); left > 0; left--) {
      var share = waiting.poll();
      if (share == null) {
        return;
      }
      share.isWaiting.set(false);
      share.onRoom.run();
    }
  }

  /** Part of one partition. Confined to its owner, but for the notification. */
  public final class Share implements AutoCloseable {
    private final Runnable onRoom;
    private final AtomicBoolean isWaiting = new AtomicBoolean();
    private long held;
    private boolean isClosed;

    private Share(Runnable onRoom) {
      this.onRoom = onRoom;
    }

    /** The partition has so many bytes out now. */
    void set(long now) {
      long change = now - held;
      if (change != 0 && !isClosed) {
        held = now;
        bytes.addAndGet(change);
        if (change < 0 && !waiting.isEmpty()) {
          wakeUp();
        }
      }
    }

    /** Whether more of the partition may be sent. */
    boolean mayRead() {
      return !isExceeded() || held == 0 || held < maxBytes / Math.max(1, shares.get());
    }

    /** Has the partition notified once the process is below its bound. */
    void awaitRoom() {
      if (isWaiting.compareAndSet(false, true)) {
        waiting.add(this);
        if (!isExceeded()) {
          wakeUp();
        }
      }
    }

    @Override
    public void close() {
      if (!isClosed) {
        set(0);
        isClosed = true;
        shares.decrementAndGet();
        waiting.remove(this);
        if (!waiting.isEmpty()) {
          wakeUp();
        }
      }
    }
  }
}
