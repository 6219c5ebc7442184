package io.liiklus.cli.records;

import io.liiklus.api.Offsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How far the copy of one topic has come. Confined to the command. */
final class TopicProgress {

  /** How far one partition of the source has come. Confined to the command. */
  static final class PartitionProgress {

    private final OffsetMap offsets = new OffsetMap();
    private long next;

    /** The offset at which it goes on. */
    long next() {
      return next;
    }

    OffsetMap offsets() {
      return offsets;
    }

    void restore(long resumeOffset) {
      next = resumeOffset;
    }
  }

  private final String topic;
  private final boolean isKeepingPartitions;
  private final SortedMap<Integer, PartitionProgress> partitions = new TreeMap<>();

  /** By partition of the target the highest offset of a copied record. */
  private final SortedMap<Integer, Long> highest = new TreeMap<>();

  /** Whether the target returned an offset for each record. */
  private boolean areOffsetsKnown = true;

  /**
   * @param isKeepingPartitions whether a record goes to the partition of its own number
   */
  TopicProgress(String topic, boolean isKeepingPartitions) {
    this.topic = topic;
    this.isKeepingPartitions = isKeepingPartitions;
  }

  String topic() {
    return topic;
  }

  boolean isKeepingPartitions() {
    return isKeepingPartitions;
  }

  boolean isTranslatable() {
    return isKeepingPartitions && areOffsetsKnown;
  }

  PartitionProgress partition(int number) {
    return partitions.computeIfAbsent(number, added -> new PartitionProgress());
  }

  Map<Integer, PartitionProgress> partitions() {
    return partitions;
  }

  Map<Integer, Long> highest() {
    return highest;
  }

  void restoreHighest(int partition, long offset) {
    highest.put(partition, offset);
  }

  void forgetOffsets() {
    areOffsetsKnown = false;
  }

  /**
   * Adds a record that the target has stored, and all before it in the partition.
   *
   * @param target {@link Offsets#UNKNOWN} where the storage does not return it
   */
  void add(int partition, long source, int targetPartition, long target) {
    var progress = partition(partition);
    progress.next = Offsets.next(source);
    if (target == Offsets.UNKNOWN) {
      areOffsetsKnown = false;
      return;
    }
    highest.merge(targetPartition, target, Math::max);
    if (isKeepingPartitions) {
      progress.offsets.add(source, target);
    }
  }
}
