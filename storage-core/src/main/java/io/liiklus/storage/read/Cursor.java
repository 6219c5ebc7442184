package io.liiklus.storage.read;

import io.liiklus.api.Offsets;
import io.liiklus.api.RecordBatch;

/**
 * Place of one follower in a {@link TailCache}. Confined to the follower, one thread at a time; any
 * thread may read it.
 */
final class Cursor {

  private final TailCache cache;
  private final long generation;
  private volatile TailNode node;
  private volatile long next;
  private volatile int epoch;

  Cursor(TailCache cache, long generation, TailNode node, FetchPosition from) {
    this.cache = cache;
    this.generation = generation;
    this.node = node;
    this.next = from.offset();
    this.epoch = from.epoch();
  }

  TailCache cache() {
    return cache;
  }

  /** Generation of the seek that brought the follower here. */
  long generation() {
    return generation;
  }

  /** The position to read on at. */
  FetchPosition next() {
    return new FetchPosition(next, epoch);
  }

  /** Whether the next batch was evicted, or the cache was dropped. */
  boolean isLost() {
    return cache.isDropped() || next < cache.start();
  }

  /** Whether there is a batch to take. */
  boolean hasNext() {
    return node.next != null && cache.hasPassed(next);
  }

  /** The next batch, from the offset on; null where there is none, or it was evicted. */
  RecordBatch peek() {
    var candidate = node.next;
    while (candidate != null && candidate.lastOffset < next) {
      node = candidate;
      candidate = candidate.next;
    }
    var batch = candidate == null ? null : candidate.batch;
    return batch == null ? null : BatchSlice.from(batch, next);
  }

  /** Moves behind the batch that was peeked at. */
  void advance(RecordBatch peeked) {
    var taken = node.next;
    node = taken;
    next = Offsets.next(taken.lastOffset);
    epoch = taken.lastEpoch;
    cache.onTaken(peeked.size());
  }
}
