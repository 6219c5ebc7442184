package io.liiklus.api;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Notifications of a subscription. Called on a thread of the storage, one call at a time for each
 * subscription; must not block. Confined to that sequence of calls.
 */
public interface SubscriptionListener {

  /** Why a reader went on at another offset than the one it was to read. */
  enum SkipReason {
    /** The records are no longer in the log: retention removed them. */
    RETENTION,
    /** The log ends before the offset: it was cut, or the topic was created again. */
    TRUNCATION,
    /** A record cannot be read and was passed over, as the settings allow. */
    CORRUPTION
  }

  /** A number of records that is not known. */
  long UNKNOWN_COUNT = -1;

  /**
   * Requests the resume offsets of partitions about to be assigned. The answer lacks those for
   * which nothing is stored: the subscription's reset decides there. It is awaited for as long as
   * it takes, and counts only for the assignment it was asked for.
   *
   * @return resume offsets, {@link Offsets#next} of the stored position, by partition
   */
  CompletionStage<Map<Integer, Long>> resumeOffsets(Set<Integer> partitions);

  /**
   * Resume offsets of what is stored just now, for a storage that mirrors positions into groups of
   * its log. Unlike {@link #resumeOffsets} it decides nothing, may be asked for at any time, and
   * fails where the positions cannot be read.
   *
   * @return by partition, without those for which nothing is stored
   */
  default CompletionStage<Map<Integer, Long>> storedOffsets(Set<Integer> partitions) {
    return CompletableFuture.completedStage(Map.of());
  }

  /** A partition is there to be read, from its {@link PartitionReader#startOffset}. */
  void onAssigned(PartitionReader reader);

  /**
   * Partitions are about to go to another member; their reads have ended. The rebalance goes on
   * when the stage completes, however it completes, or when the storage's own bound is reached.
   */
  CompletionStage<Void> onRevoked(Set<Integer> partitions);

  /** Partitions may belong to another member already; their reads have ended. */
  void onLost(Set<Integer> partitions);

  /**
   * A reader passes over records that are gone. It is notified before the first batch behind the
   * gap is answered, and once of each loss, however often the same offset is looked for.
   *
   * @param records number of lost records, or of their offsets, which is never lower; 0 for a
   *     truncation; {@link #UNKNOWN_COUNT} where the storage does not know it
   */
  void onSkipped(int partition, SkipReason reason, long records);

  /** The subscription ended by a fault that does not heal by itself. Nothing follows. */
  void onFailed(StorageException failure);
}
