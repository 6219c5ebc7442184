package io.liiklus.storage.kafka;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.api.SubscriptionRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a partition is read from. Two decisions, never mixed up: nothing is stored (the
 * subscription's reset), and what is stored is no longer in the log (its start). Confined to the
 * poll thread; its stages complete elsewhere.
 */
final class StartPositions {

  private static final Logger log = LoggerFactory.getLogger(StartPositions.class);

  private final SubscriptionRequest request;
  private final int initialPartitionCount;
  private final LogRanges logRanges;
  private final SubscriptionListener listener;

  /** By partition: offsets below are gone and were told as lost already. */
  private final Map<Integer, Long> toldLostBelow = new HashMap<>();

  StartPositions(
      SubscriptionRequest request,
      int initialPartitionCount,
      LogRanges logRanges,
      SubscriptionListener listener) {
    this.request = request;
    this.initialPartitionCount = initialPartitionCount;
    this.logRanges = logRanges;
    this.listener = listener;
  }

  /** What is stored, and what the log held after that was read. */
  record Answer(Map<Integer, Long> resumeOffsets, Map<Integer, LogRanges.LogRange> ranges) {}

  CompletionStage<Map<Integer, LogRanges.LogRange>> ranges(Set<Integer> partitions) {
    return logRanges.ranges(request.topic(), partitions);
  }

  /**
   * Reads the positions first and the log's range after it: only in that order does a position
   * beyond the end mean that the log was cut.
   */
  CompletionStage<Answer> find(List<AssignedPartition> fresh) {
    var numbers =
        fresh.stream().map(partition -> partition.id.partition()).collect(Collectors.toSet());
    return listener
        .resumeOffsets(numbers)
        .thenCompose(resumes -> ranges(numbers).thenApply(ranges -> new Answer(resumes, ranges)));
  }

  /** Where a new assignment begins. */
  long start(AssignedPartition partition, Answer answer) {
    int number = partition.id.partition();
    var held = answer.ranges().get(number);
    var resume = answer.resumeOffsets().get(number);
    if (resume != null) {
      partition.wantedOffset = resume;
      return resumption(partition, held.range());
    }
    boolean isNew = number >= initialPartitionCount;
    return isNew || request.reset() == AutoOffsetReset.EARLIEST
        ? held.range().start()
        : held.visibleEnd();
  }

  /** Where a reader that wants to go on at {@code wantedOffset} goes on. */
  long resumption(AssignedPartition partition, OffsetRange range) {
    long wanted = partition.wantedOffset;
    if (range.canResumeAt(wanted)) {
      return wanted;
    }
    if (wanted > range.end()) {
      tellTruncated(partition, wanted, range.start());
      toldLostBelow.remove(partition.id.partition());
      return range.start();
    }
    long told = toldLostBelow.getOrDefault(partition.id.partition(), 0L);
    long lost = range.start() - Math.max(wanted, told);
    if (lost > 0) {
      toldLostBelow.put(partition.id.partition(), range.start());
      log.warn(
          "retention removed records before they were read, topic={} group={} partition={}"
              + " wantedOffset={} startOffset={} lost={}",
          request.topic(),
          request.groupName(),
          partition.id.partition(),
          wanted,
          range.start(),
          lost);
      listener.onSkipped(partition.id.partition(), SkipReason.RETENTION, lost);
    }
    return range.start();
  }

  void tellTruncated(AssignedPartition partition, long wanted, long resumed) {
    log.error(
        "the log was cut or made anew, topic={} group={} partition={} wantedOffset={}"
            + " resumedAt={}",
        request.topic(),
        request.groupName(),
        partition.id.partition(),
        wanted,
        resumed);
    listener.onSkipped(partition.id.partition(), SkipReason.TRUNCATION, 0);
  }
}
