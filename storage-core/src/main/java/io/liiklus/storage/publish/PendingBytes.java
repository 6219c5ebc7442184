package io.liiklus.storage.publish;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes of records that are published and not answered yet, with a bound. Thread-safe.
 *
 * <p>Past the bound a publish is the caller's again, and the listener is notified once there is
 * room: when a record is answered, or at the next tick where that came too early.
 */
public final class PendingBytes {

  private final long max;
  private final AtomicLong pending = new AtomicLong();
  private volatile Runnable listener = () -> {};

  /** Whether a record was refused since the listener was last notified. */
  private volatile boolean isFull;

  public PendingBytes(long max) {
    this.max = max;
  }

  /** Sets the one to notify, before the first record. */
  public void onRoom(Runnable notified) {
    listener = notified;
  }

  /** False where there is no room; a record that is alone always has. */
  public boolean reserve(long bytes) {
    long all = pending.addAndGet(bytes);
    if (all == bytes || all <= max) {
      return true;
    }
    pending.addAndGet(-bytes);
    isFull = true;
    return false;
  }

  /** Lets go of what was reserved. */
  public void free(long bytes) {
    pending.addAndGet(-bytes);
    tick();
  }

  /** Notifies where there is room that somebody waits for. */
  public void tick() {
    if (isFull && pending.get() < max) {
      isFull = false;
      listener.run();
    }
  }

  /** What is reserved now. */
  public long bytes() {
    return pending.get();
  }
}
