package io.liiklus.client;

/** Room for records that wait or are on their way. Thread-safe. */
final class Room {

  private final int maxRecords;
  private final long maxBytes;

  // Guarded by this.
  private int records;
  private long bytes;

  Room(int maxRecords, long maxBytes) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
  }

  /** Takes room for a record, which fits at any size where there is no other. */
  synchronized boolean tryTake(int size) {
    if (records > 0 && (records >= maxRecords || bytes + size > maxBytes)) {
      return false;
    }
    records++;
    bytes += size;
    return true;
  }

  /** As {@link #tryTake}, but waits for it; false where the time is over, or on an interrupt. */
  synchronized boolean take(int size, long timeoutNs) {
    long lastNs = System.nanoTime() + timeoutNs;
    try {
      while (!tryTake(size)) {
        long leftMs = (lastNs - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0) {
          return false;
        }
        wait(leftMs);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  synchronized void free(int count, long size) {
    records -= count;
    bytes -= size;
    notifyAll();
  }

  /** Returns whether there is no record, at the latest after this time. */
  synchronized boolean awaitEmpty(long timeoutNs) {
    long lastNs = System.nanoTime() + timeoutNs;
    try {
      while (records > 0) {
        long leftMs = (lastNs - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0) {
          return false;
        }
        wait(leftMs);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
