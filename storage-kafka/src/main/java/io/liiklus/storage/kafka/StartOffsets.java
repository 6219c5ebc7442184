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
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where a partition is read from. Two decisions, never mixed up: nothing is stored (the
 * subscription's reset), and what is stored is no longer in the log (its start). Confined to the
 * member's turns; its stages complete elsewhere.
 */
final class StartOffsets {

  private static final Logger log = LoggerFactory.getLogger(StartOffsets.class);

  private final SubscriptionRequest request;
  private final FirstLook firstLook;
  private final LogRanges logRanges;
  private final SubscriptionListener listener;

  /** By partition: offsets below are gone and were told as lost already. */
  private final Map<Integer, Long> reportedLostBelow = new HashMap<>();

  /** By partition: the topic that it last began in. */
  private final Map<Integer, Uuid> beganIn = new HashMap<>();

  /**
   * What the topic was when the subscription first looked.
   *
   * @param topicId of the first topic of this name that was there
   * @param partitionCount partitions from here on are new: they start at their beginning
   */
  record FirstLook(Uuid topicId, int partitionCount) {}

  StartOffsets(
      SubscriptionRequest request,
      FirstLook firstLook,
      LogRanges logRanges,
      SubscriptionListener listener) {
    this.request = request;
    this.firstLook = firstLook;
    this.logRanges = logRanges;
    this.listener = listener;
  }

  /** The topic as it is now, and what the partitions that were asked for hold. */
  record Log(Uuid topicId, Map<Integer, LogRanges.LogRange> ranges) {}

  /** What is stored, and the log after that was read. */
  record Answer(Map<Integer, Long> resumeOffsets, Log log) {}

  CompletionStage<Uuid> topicId() {
    return logRanges.topicId(request.topic());
  }

  /**
   * Asks which topic it is first: when it is made anew in between, the ranges are those of the
   * newer one, and the older id has the partitions begin in it once more.
   */
  CompletionStage<Log> log(List<AssignedPartition> partitions) {
    return topicId().thenCompose(id -> ranges(partitions).thenApply(ranges -> new Log(id, ranges)));
  }

  CompletionStage<Map<Integer, LogRanges.LogRange>> ranges(List<AssignedPartition> partitions) {
    return logRanges.ranges(request.topic(), numbers(partitions));
  }

  /**
   * Reads the positions first and the log's range after it: only in that order does a position
   * beyond the end mean that the log was cut.
   */
  CompletionStage<Answer> find(List<AssignedPartition> fresh) {
    return listener
        .resumeOffsets(numbers(fresh))
        .thenCompose(resumes -> log(fresh).thenApply(log -> new Answer(resumes, log)));
  }

  private static Set<Integer> numbers(List<AssignedPartition> partitions) {
    return partitions.stream()
        .map(partition -> partition.id.partition())
        .collect(Collectors.toSet());
  }

  /** Whether a partition began in a topic of this name that is gone. */
  boolean isOfAnother(AssignedPartition partition, Uuid topicId) {
    return !topicId.equals(beganIn.getOrDefault(partition.id.partition(), firstLook.topicId()));
  }

  /** Where a new assignment begins. */
  long start(AssignedPartition partition, Answer answer) {
    int number = partition.id.partition();
    var held = answer.log().ranges().get(number);
    var resume = answer.resumeOffsets().get(number);
    boolean isMadeAnew = isOfAnother(partition, answer.log().topicId());
    beganIn.put(number, answer.log().topicId());
    if (isMadeAnew) {
      // Whatever is stored is a position in the topic that is gone.
      tellTruncated(partition, resume == null ? 0 : resume, held.range().start());
      reportedLostBelow.remove(number);
      return held.range().start();
    }
    if (resume != null) {
      partition.wantedOffset = resume;
      return resumption(partition, held.range());
    }
    boolean isNew = number >= firstLook.partitionCount();
    return isNew || request.reset() == AutoOffsetReset.EARLIEST
        ? held.range().start()
        : held.visibleEnd().offset();
  }

  /** Where a reader that wants to go on at {@code wantedOffset} goes on. */
  long resumption(AssignedPartition partition, OffsetRange range) {
    long wanted = partition.wantedOffset;
    if (range.canResumeAt(wanted)) {
      return wanted;
    }
    if (wanted > range.end()) {
      tellTruncated(partition, wanted, range.start());
      reportedLostBelow.remove(partition.id.partition());
      return range.start();
    }
    long told = reportedLostBelow.getOrDefault(partition.id.partition(), 0L);
    long lost = range.start() - Math.max(wanted, told);
    if (lost > 0) {
      reportedLostBelow.put(partition.id.partition(), range.start());
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
        "the log was cut or made anew, or more was acknowledged than it ever had, topic={} group={}"
            + " partition={} wantedOffset={} resumedAt={}",
        request.topic(),
        request.groupName(),
        partition.id.partition(),
        wanted,
        resumed);
    listener.onSkipped(partition.id.partition(), SkipReason.TRUNCATION, 0);
  }
}
