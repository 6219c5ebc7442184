package io.liiklus.storage.group;

import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.PartitionFetcher;

/**
 * One assignment of one partition, from its beginning to its revocation or loss; when the partition
 * comes back, a new one begins. Confined to the loop of the subscription.
 */
final class AssignedPartition {

  final int number;

  /** Null until it was found where to start and the listener was notified. */
  PartitionFetcher fetcher;

  /** Where to resume, while it is looked up whether that can be, and for which seek. */
  long wantedOffset;

  long wantedGeneration;

  /** Where the log was cut, if that is why; else {@link FetchOutcome#NOT_CUT}. */
  long cutAt = FetchOutcome.NOT_CUT;

  /** Fruitless look-ups in a row. */
  int attempts;

  AssignedPartition(int number) {
    this.number = number;
  }
}
