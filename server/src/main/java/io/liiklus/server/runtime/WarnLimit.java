package io.liiklus.server.runtime;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Rate limit of one warning a minute, for warnings that clients can cause. Thread-safe. */
public final class WarnLimit {

  private static final long WARN_EVERY_NS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong nextNs = new AtomicLong(System.nanoTime());

  /** Returns whether a warning may be logged now; the next one may be in a minute. */
  public boolean permits() {
    long nowNs = System.nanoTime();
    long dueNs = nextNs.get();
    return nowNs - dueNs >= 0 && nextNs.compareAndSet(dueNs, nowNs + WARN_EVERY_NS);
  }
}
