package io.liiklus.storage.read;

import io.liiklus.api.StorageException;

/**
 * Notifications of the fetching of a subscription's partitions. Called on any thread; must not
 * block. Thread-safe.
 */
public interface FetchListener {

  /**
   * The log does not have the offset. Fetching stops until {@link PartitionFetcher#resume}.
   *
   * @param cutAt where the log was cut, or {@link FetchOutcome#NOT_CUT}
   */
  void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt);

  /**
   * The log does not have what came next at its end, so the topic may have been made anew. Fetching
   * stops until {@link PartitionFetcher#resume}; where the topic is the same one, a catch-up reader
   * finds out what happened to the log.
   */
  void onTailOutOfRange(PartitionFetcher fetcher, long generation);

  /**
   * A record cannot be read. Fetching has stopped at it.
   *
   * @return whether to pass over it: fetching goes on behind it once {@link
   *     PartitionFetcher#resume(long)} is called, which the listener does when the gap is reported;
   *     else the reads fail with DATA_LOSS
   */
  boolean onUnreadable(PartitionFetcher fetcher, long generation, long offset, String reason);

  /** A read came behind the last record of a log that has ended for good. */
  default void onEnded(PartitionFetcher fetcher) {}

  /** A fault of the machine. Fetching stops until {@link PartitionFetcher#resume}. */
  void onMachineFault(PartitionFetcher fetcher, long generation);

  /** The storage refuses to read; the fault does not heal by itself. */
  void onRefused(StorageException reason);
}
