package io.liiklus.storage.sql.records;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of records that are published and not answered yet, with a bound. Thread-safe.
 *
 * <p>Past the bound a publish is the caller's again, and the listener is notified once there is
 * room: when a record is answered, or at the next tick where that came too early.
 */
final class PendingBytes {

  private final long max;
  private final AtomicLong pending = new AtomicLong();
  private volatile Runnable listener = () -> {};

  /** Whether a record was refused since the listener was last notified. */
  private volatile boolean isFull;

  PendingBytes(long max) {
    this.max = max;
  }

  void onRoom(Runnable notified) {
    listener = notified;
  }

  /** False where there is no room; a record that is alone always has. */
  boolean reserve(long bytes) {
    long all = pending.addAndGet(bytes);
    if (all == bytes || all <= max) {
      return true;
    }
    pending.addAndGet(-bytes);
    isFull = true;
    return false;
  }

  void free(long bytes) {
    pending.addAndGet(-bytes);
    tick();
  }

  /** Notifies where there is room that somebody waits for. */
  void tick() {
    if (isFull && pending.get() < max) {
      isFull = false;
      listener.run();
    }
  }

  long bytes() {
    return pending.get();
  }
}
