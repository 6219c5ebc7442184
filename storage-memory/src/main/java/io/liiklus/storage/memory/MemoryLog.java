package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.storage.read.StoredBatch;
import io.liiklus.storage.read.StoredRecord;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Records of one partition; the oldest make way for new ones. Thread-safe.
 *
 * <p>Threads: an append or a read takes the log's lock, for the time of one record or one batch.
 * Waiters are called after its release, on the thread of the append.
 */
final class MemoryLog {

  static final int MAX_BATCH_RECORDS = 500;
  static final long MAX_BATCH_BYTES = 256 * 1024;

  private static final int FIRST_CAPACITY = 16;

  private final Object lock = new Object();
  private final long maxBytes;

  // Under the lock. A ring: the record of offset `start` is at `head`.
  private StoredRecord[] ring = new StoredRecord[FIRST_CAPACITY];
  private int head;
  private int size;
  private long start;
  private long bytes;
  private boolean isEnded;

  /** Each wants to be called once, at the next append; no more than one for each reader. */
  private final Set<Runnable> waiters = new LinkedHashSet<>();

  /**
   * @param maxBytes of all records; one is kept even where it alone is larger
   */
  MemoryLog(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Returns the record's offset, whatever it brings, or {@link Offsets#UNKNOWN} where the log has
   * ended.
   */
  long append(StoredRecord record) {
    long offset;
    List<Runnable> woken;
    synchronized (lock) {
      if (isEnded) {
        return Offsets.UNKNOWN;
      }
      if (size == ring.length) {
        grow();
      }
      offset = start + size;
      ring[(head + size) % ring.length] = record.at(offset);
      size++;
      bytes += record.bytes();
      while (bytes > maxBytes && size > 1) {
        removeFirst();
      }
      woken = List.copyOf(waiters);
      waiters.clear();
    }
    woken.forEach(Runnable::run);
    return offset;
  }

  private void grow() {
    var larger = Arrays.copyOf(ring, 2 * ring.length);
    for (int i = 0; i < size; i++) {
      larger[i] = ring[(head + i) % ring.length];
    }
    ring = larger;
    head = 0;
  }

  private void removeFirst() {
    bytes -= ring[head].bytes();
    ring[head] = null;
    head = (head + 1) % ring.length;
    start++;
    size--;
  }

  /**
   * The records from this offset on, or from the start where that is behind it. Where there is
   * none: null, and the waiter is called at the next append.
   */
  StoredBatch read(long offset, Runnable waiter) {
    synchronized (lock) {
      long first = Math.max(offset, start);
      long available = start + size - first;
      if (available <= 0) {
        waiters.add(waiter);
        return null;
      }
      int from = (int) (first - start);
      int count = 0;
      long sum = 0;
      while (count < Math.min(available, MAX_BATCH_RECORDS)) {
        sum += at(from + count).bytes();
        if (count > 0 && sum > MAX_BATCH_BYTES) {
          break;
        }
        count++;
      }
      var records = new StoredRecord[count];
      Arrays.setAll(records, i -> at(from + i));
      return new StoredBatch(records);
    }
  }

  private StoredRecord at(int index) {
    return ring[(head + index) % ring.length];
  }

  void forget(Runnable waiter) {
    synchronized (lock) {
      waiters.remove(waiter);
    }
  }

  /** Takes no further record, for good. */
  void end() {
    List<Runnable> woken;
    synchronized (lock) {
      isEnded = true;
      woken = List.copyOf(waiters);
      waiters.clear();
    }
    woken.forEach(Runnable::run);
  }

  /** Whether nothing will ever follow at or behind this offset. */
  boolean isEndedAt(long offset) {
    synchronized (lock) {
      return isEnded && offset >= start + size;
    }
  }

  OffsetRange range() {
    synchronized (lock) {
      return new OffsetRange(start, start + size);
    }
  }

  /** Removes all records below this offset, as far as there are any. */
  void deleteBefore(long offset) {
    synchronized (lock) {
      while (start < offset && size > 0) {
        removeFirst();
      }
    }
  }
}
