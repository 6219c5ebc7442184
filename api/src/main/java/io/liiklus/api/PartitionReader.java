package io.liiklus.api;

import java.util.concurrent.CompletionStage;

/**
 * Reads one partition of a subscription, from its assignment until it is revoked or lost. A pull:
 * who reads nothing gets nothing, and the storage then holds no more than a bounded number of bytes
 * ready. Thread-safe; but reads come one at a time.
 */
public interface PartitionReader {

  int partition();

  /** The offset at which the assignment began: the first that {@link #read} looks for. */
  long startOffset();

  /**
   * The next batch, as soon as there is one. Fails with {@link StorageException.Kind#REVOKED},
   * {@link StorageException.Kind#LOST} or {@link StorageException.Kind#CLOSED} when the partition
   * is gone for good, with {@code CLOSED} too when {@link #seek} took this read's place, with
   * {@link StorageException.Kind#DATA_LOSS} where a record cannot be read, and with {@link
   * StorageException.Kind#ENDED} behind the last record of a log that has ended.
   *
   * @throws IllegalStateException if the read before has not ended
   */
  CompletionStage<RecordBatch> read();

  /**
   * Moves to an offset, from 0. Ends the open read. No batch of a later read holds a record below
   * the offset or one that was fetched before the seek. An offset below the start of the log reads
   * from that start on and is reported by {@link SubscriptionListener#onSkipped}; so is one that
   * lies beyond the log's end, which means that the log was cut or made anew. An offset within the
   * log that no record has reads from the next record on, and nothing is reported.
   */
  void seek(long offset);

  /** What the log holds right now, whoever may see it. */
  CompletionStage<OffsetRange> range();

  /** Whether a read would be answered at once. */
  boolean hasRecords();
}
