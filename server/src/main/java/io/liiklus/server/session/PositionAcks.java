package io.liiklus.server.session;

import io.liiklus.api.StorageException;
import io.liiklus.server.session.AckBatch.Waiter;
import java.util.concurrent.CompletableFuture;

/**
 * Acks of one position; forgotten when the last of them is answered. Confined to its shard's event
 * loop.
 *
 * <pre>
 *   due --write begins--&gt; being written --stored, more came--&gt; due
 *                         being written --the storage is away--&gt; resting --later--&gt; due
 * </pre>
 */
final class PositionAcks {

  private final int partition;
  private long offset;
  private AckBatch collecting = new AckBatch();

  /** Null while there is no write. */
  private AckBatch writing;

  private int failures;

  PositionAcks(int partition) {
    this.partition = partition;
  }

  int partition() {
    return partition;
  }

  /** The newest value, which is the one to write. */
  long offset() {
    return offset;
  }

  int waiting() {
    return collecting.size() + (writing == null ? 0 : writing.size());
  }

  /** Returns whether this is the first, which makes the position due. */
  boolean add(long newest, Waiter waiter) {
    offset = newest;
    collecting.add(waiter);
    return collecting.size() == 1 && writing == null;
  }

  /** Completes the flush with the acks that wait now, and not with later ones. */
  void addFlush(CompletableFuture<Void> flush) {
    (hasCollected() ? collecting : writing).addFlush(flush);
  }

  /** Whether a flush waits for the next write, so that it is to begin at once. */
  boolean isFlushed() {
    return collecting.isFlushed();
  }

  boolean hasCollected() {
    return collecting.size() > 0;
  }

  void beginWrite() {
    writing = collecting;
    collecting = new AckBatch();
  }

  /** Returns the acks that the write answers. */
  AckBatch endWrite() {
    var ended = writing;
    writing = null;
    failures = 0;
    return ended;
  }

  /**
   * Takes back acks that were not written, to be written later, and notifies them of the reason.
   *
   * @return those that wait no longer; they have the flushes where nobody waits any more
   */
  AckBatch retry(long nowNs, StorageException failure) {
    var failed = writing;
    writing = null;
    var expired = failed.takeExpired(nowNs);
    failed.addAll(collecting);
    failed.onAway(failure);
    if (failed.size() == 0) {
      expired.addAll(failed);
      failed = new AckBatch();
    }
    collecting = failed;
    failures++;
    return expired;
  }

  /** Number of times in a row that the storage was away. */
  int failures() {
    return failures;
  }
}
