package io.liiklus.storage.group;

import io.liiklus.api.SubscriptionListener;
import io.liiklus.storage.read.LogRange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * Look-up of what decides where partitions begin: stored positions, and the log's ranges after
 * them. Immutable; its stages complete elsewhere.
 */
final class StartLookup {

  private final String topic;
  private final LogRanges logRanges;
  private final SubscriptionListener listener;

  /** The topic as it is now, and what the partitions that were asked for have. */
  record Log(String incarnation, Map<Integer, LogRange> ranges) {}

  /** What is stored, and the log after that was read. */
  record Answer(Map<Integer, Long> resumeOffsets, Log log) {}

  StartLookup(String topic, LogRanges logRanges, SubscriptionListener listener) {
    this.topic = topic;
    this.logRanges = logRanges;
    this.listener = listener;
  }

  CompletionStage<String> incarnation() {
    return logRanges.incarnation(topic);
  }

  /**
   * Asks for the incarnation first: when the topic is made anew in between, the ranges are those of
   * the newer one, and the older incarnation has the partitions begin in it once more.
   */
  CompletionStage<Log> log(List<AssignedPartition> partitions) {
    return incarnation()
        .thenCompose(id -> ranges(partitions).thenApply(ranges -> new Log(id, ranges)));
  }

  CompletionStage<Map<Integer, LogRange>> ranges(List<AssignedPartition> partitions) {
    return logRanges.ranges(topic, numbers(partitions));
  }

  /** Positions first: only in that order does one beyond the end mean that the log was cut. */
  CompletionStage<Answer> find(List<AssignedPartition> fresh) {
    return listener
        .resumeOffsets(numbers(fresh))
        .thenCompose(resumes -> log(fresh).thenApply(log -> new Answer(resumes, log)));
  }

  private static Set<Integer> numbers(List<AssignedPartition> partitions) {
    return partitions.stream().map(partition -> partition.number).collect(Collectors.toSet());
  }
}
