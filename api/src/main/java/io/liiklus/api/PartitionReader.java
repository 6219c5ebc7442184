package io.liiklus.api;

import java.util.concurrent.CompletionStage;

/**
 * Reader of one partition of a subscription, from its assignment until it is revoked or lost.
 * Records are pulled: a reader that is not asked keeps no more than a bounded number of bytes
 * ready. One read is open at a time. Thread-safe.
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
   * Moves to an offset, from 0. Ends the open read. No batch of a later read has a record below the
   * offset or one that was fetched before the seek. An offset below the start of the log reads from
   * that start on and is reported by {@link SubscriptionListener#onSkipped}; so is one that lies
   * beyond the log's end, which means that the log was cut or created again. An offset within the
   * log that no record has reads from the next record on, and nothing is reported.
   */
  void seek(long offset);

  /** Range of the log right now, whether or not its records are visible to readers. */
  CompletionStage<OffsetRange> range();

  /** Whether a read would be answered at once. */
  boolean hasRecords();
}
