package io.liiklus.cli.records;

import io.liiklus.api.OffsetRange;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What becomes of one topic. Immutable, but for its progress.
 *
 * @param ranges of the source, by partition: records up to their ends are copied
 * @param isToCreate whether the target has no such topic
 * @param reason why records do not go to the partitions of their own numbers; empty where they do
 */
record TopicPlan(
    TopicProgress progress,
    SortedMap<Integer, OffsetRange> ranges,
    boolean isToCreate,
    String reason) {

  String topic() {
    return progress.topic();
  }

  /** So many that each number of the source has one. */
  int partitionsToCreate() {
    return ranges.lastKey() + 1;
  }

  /** Partitions that have something to copy, with the offset behind their last record. */
  Map<Integer, Long> ends() {
    var ends = new TreeMap<Integer, Long>();
    ranges.forEach(
        (partition, range) -> {
          if (range.end() > resumeOffset(partition)) {
            ends.put(partition, range.end());
          }
        });
    return ends;
  }

  long resumeOffset(int partition) {
    return Math.max(progress.partition(partition).next(), ranges.get(partition).start());
  }

  /** Offsets that are left to copy; never less than the records. */
  long offsetsLeft() {
    return ends().entrySet().stream()
        .mapToLong(end -> end.getValue() - resumeOffset(end.getKey()))
        .sum();
  }

  /** For people. */
  String line() {
    return "%s\t%d\t%d\t%s"
        .formatted(
            topic(),
            ranges.size(),
            offsetsLeft(),
            (reason.isEmpty() ? "keeps partitions" : "by key: " + reason)
                + (isToCreate ? ", creates the topic" : ""));
  }
}
