package io.liiklus.storage.read;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Fetches that wait for the reads of one partition, bounded in bytes with a high and a low water
 * mark: once as many bytes wait as the bound, it is full until no more than half of them do.
 * Confined to one thread at a time on each side, see below.
 *
 * <p>Threads: one at a time fetches ({@link #offer} and the copying), one at a time takes ({@link
 * #first}, {@link #remove}); the rest from any.
 */
final class PrefetchQueue {

  /** A fetch in the queue. */
  record Entry(long generation, long queuedNs, Fetch fetch) {}

  private final long highWater;
  private final long copyNs;

  // Any thread.
  private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean isFull;

  // Fetching thread only: the takes that were seen, and when that last grew.
  private int takenBefore;
  private long takenNs;

  /**
   * @param highWater bytes of records; one fetch more may be here
   * @param copyNs wait after which a fetch is copied
   */
  PrefetchQueue(long highWater, long copyNs) {
    this.highWater = highWater;
    this.copyNs = copyNs;
  }

  /**
   * Adds a fetch. It is copied where the reads are slow, since it pins a larger fetch meanwhile.
   *
   * @param isAwaited whether a read waits for it
   */
  void offer(long generation, Fetch fetch, boolean isAwaited, long nowNs) {
    if (taken.get() != takenBefore) {
      takenBefore = taken.get();
      takenNs = nowNs;
    }
    boolean isRead = takenBefore > 0 && nowNs - takenNs < copyNs;
    if (!isRead && !isAwaited) {
      fetch.copy();
    }
    bytes.addAndGet(fetch.bytes());
    entries.add(new Entry(generation, nowNs, fetch));
  }

  /** The next fetch, of any generation; null where none waits. */
  Entry first() {
    return entries.peek();
  }

  /**
   * Removes the first entry.
   *
   * @return whether the low water mark was reached just now
   */
  boolean remove(Entry first) {
    entries.remove();
    taken.incrementAndGet();
    long left = bytes.addAndGet(-first.fetch().bytes());
    return isFull && left <= lowWater();
  }

  private long lowWater() {
    return highWater / 2;
  }

  /** Whether fetching is to stop; then {@link #remove} returns once there is room. */
  boolean updateFull() {
    long waiting = bytes.get();
    if (!isFull && waiting >= highWater) {
      isFull = true;
      // Between the look above and this flag all may have been taken, and nobody would wake us.
      waiting = bytes.get();
    }
    if (isFull && waiting <= lowWater()) {
      isFull = false;
    }
    return isFull;
  }

  /** Whether more may be fetched, be it that nobody does. */
  boolean hasRoom() {
    long waiting = bytes.get();
    return waiting <= lowWater() || (!isFull && waiting < highWater);
  }

  long highWater() {
    return highWater;
  }

  /** About how many bytes of records wait. */
  long bytes() {
    return bytes.get();
  }

  /** Wait of the first fetch so far; 0 without one. */
  long waitedNs(long nowNs) {
    var first = entries.peek();
    return first == null ? 0 : nowNs - first.queuedNs();
  }

  /** Copies fetches that have waited for long; a client that reads takes them before. */
  void copyLeftOvers(long nowNs) {
    for (var entry : entries) {
      if (nowNs - entry.queuedNs() < copyNs) {
        return;
      }
      entry.fetch().copy();
    }
  }

  /** Copies all fetches, before no thread looks after them any more. */
  void copyAll() {
    entries.forEach(entry -> entry.fetch().copy());
  }
}
