package io.liiklus.storage.read;

import io.liiklus.api.RecordBatch;

/**
 * One fetch of a catch-up reader: a log from one position up to another. Thread-safe.
 *
 * <p>A batch may pin a fetch that is thousands of times larger, so a batch that waits is copied out
 * of it, once for all groups that have it.
 */
final class Fetch {

  private final FetchPosition from;
  private final FetchPosition next;
  private final int firstEpoch;
  private final int lastEpoch;
  private final long bytes;
  private volatile RecordBatch batch;
  private volatile boolean isCopied;

  /**
   * @param from where the fetch began, which may lie before the first record
   * @param next where the next one begins, which may lie behind the last record
   */
  static Fetch of(FetchPosition from, FetchPosition next, FetchedBatch batch) {
    return new Fetch(from, next, batch.epoch(0), batch.epoch(batch.size() - 1), batch);
  }

  private Fetch(
      FetchPosition from, FetchPosition next, int firstEpoch, int lastEpoch, RecordBatch batch) {
    this.from = from;
    this.next = next;
    this.firstEpoch = firstEpoch;
    this.lastEpoch = lastEpoch;
    this.bytes = batch.bytes();
    this.batch = batch;
  }

  /** Start of the fetch. */
  FetchPosition from() {
    return from;
  }

  /** Start of the next fetch. */
  FetchPosition next() {
    return next;
  }

  /**
   * Whether it has the next record at a position, surely of the same log as the records before it.
   */
  boolean covers(FetchPosition position) {
    long offset = position.offset();
    if (offset < from.offset() || offset >= next.offset()) {
      return false;
    }
    boolean isBeforeFirst = offset <= batch.offset(0);
    boolean isOfThisLeader =
        position.epoch() == firstEpoch && (isBeforeFirst || firstEpoch == lastEpoch);
    return position.equals(from) || !position.isEpochKnown() || isOfThisLeader;
  }

  long bytes() {
    return bytes;
  }

  RecordBatch batch() {
    return batch;
  }

  /** The part at the position and behind it; null where no record is there. */
  Fetch from(FetchPosition position) {
    var whole = batch;
    long offset = position.offset();
    if (whole.offset(0) >= offset) {
      return this;
    }
    boolean isAnyLeft = whole.offset(whole.size() - 1) >= offset;
    return isAnyLeft
        ? new Fetch(position, next, firstEpoch, lastEpoch, BatchSlice.from(whole, offset))
        : null;
  }

  /** Copies the batch, unless that was done. */
  void copy() {
    if (!isCopied) {
      copyOnce();
    }
  }

  private synchronized void copyOnce() {
    if (!isCopied) {
      batch = batch.copyFrom(0);
      isCopied = true;
    }
  }
}
