package io.liiklus.storage.kafka;

import org.apache.kafka.common.TopicPartition;

/**
 * One assignment of one partition, from the callback that brought it to the one that takes it away;
 * when the partition comes back, a new one begins. Confined to the poll thread.
 */
final class AssignedPartition {

  final TopicPartition id;

  /** Null until it was found where to start and the listener was told. */
  HandOff handOff;

  /** Whether the consumer stands where the records are to come from, and not at a placeholder. */
  boolean isPositioned;

  /** Whether the record that it stands at cannot be read, and no reader has gone past it yet. */
  boolean isUnreadable;

  /** Whether the consumer has it paused; it is when it comes. */
  boolean isPaused = true;

  /** Whether its hand-off is full, and since when. */
  boolean isFull;

  long fullSinceNs;

  /** Whether records of it have come, and when the last did. */
  boolean isFilled;

  long filledAtNs;

  /** Where to go on, while it is looked up whether that can be. */
  long wantedOffset;

  /** How often a reader has changed that while it was looked up. */
  int seeksWhileLookedUp;

  /** Fruitless look-ups in a row. */
  int attempts;

  AssignedPartition(TopicPartition id) {
    this.id = id;
  }

  /** Whether records of it are wanted from where the consumer stands. */
  boolean isReadable() {
    return isPositioned && !isUnreadable;
  }
}
