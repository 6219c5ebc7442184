package io.liiklus.storage.kafka.group;

import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.PartitionFetcher;
import org.apache.kafka.common.TopicPartition;

/**
 * One assignment of one partition, from the callback that brought it to the one that takes it away;
 * when the partition comes back, a new one begins. Confined to the member's turns.
 */
final class AssignedPartition {

  final TopicPartition id;

  /** Null until it was found where to start and the listener was notified. */
  PartitionFetcher fetcher;

  /** Where to resume, while it is looked up whether that can be, and for which seek. */
  long wantedOffset;

  long wantedGeneration;

  /** Where the log was cut, if that is why; else {@link FetchOutcome#NOT_CUT}. */
  long cutAt = FetchOutcome.NOT_CUT;

  /** Fruitless look-ups in a row. */
  int attempts;

  AssignedPartition(TopicPartition id) {
    this.id = id;
  }

  int number() {
    return id.partition();
  }
}
