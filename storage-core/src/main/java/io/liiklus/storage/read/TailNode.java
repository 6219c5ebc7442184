package io.liiklus.storage.read;

import io.liiklus.api.RecordBatch;

/**
 * One batch of a {@link TailCache}, and the link to the next. Confined to the tail reader's thread;
 * any thread may read it.
 */
final class TailNode {

  final long firstOffset;
  final long lastOffset;
  final long appendedNs;
  final int firstEpoch;

  /**
   * Epoch of the last record; it may become an older one as long as no batch is linked behind the
   * node.
   */
  volatile int lastEpoch;

  /** Null once it was evicted, and in the node before the first batch. */
  volatile RecordBatch batch;

  volatile TailNode next;

  /** The node before the first batch. */
  TailNode(FetchPosition start) {
    this.firstOffset = start.offset();
    this.lastOffset = start.offset() - 1;
    this.firstEpoch = start.epoch();
    this.lastEpoch = start.epoch();
    this.appendedNs = 0;
  }

  TailNode(FetchedBatch batch, long appendedNs) {
    int last = batch.size() - 1;
    this.firstOffset = batch.offset(0);
    this.lastOffset = batch.offset(last);
    this.firstEpoch = batch.epoch(0);
    this.lastEpoch = batch.epoch(last);
    this.appendedNs = appendedNs;
    this.batch = batch;
  }
}
