package io.liiklus.storage.group;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.read.LogRange;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Start and resume offsets of the partitions of one subscription. The one place of these rules: no
 * position is stored (the subscription's reset), the stored position is no longer in the log (its
 * start, and the loss is reported), the topic was created again (its start). Confined to the loop
 * of the subscription.
 */
public final class StartOffsets {

  private static final Logger log = LoggerFactory.getLogger(StartOffsets.class);

  private final SubscriptionRequest request;
  private final FirstLook firstLook;
  private final SubscriptionListener listener;
  private final boolean isCountable;

  /** Offsets, by partition, below which the loss was reported already. */
  private final Map<Integer, Long> reportedLostBelow = new HashMap<>();

  /** Incarnation of the topic, by partition, in which it last began. */
  private final Map<Integer, String> beganIn = new HashMap<>();

  /**
   * The topic as the subscription first found it. Immutable.
   *
   * @param incarnation of the first topic of this name that was there
   * @param partitionCount partitions from here on are new: they start at their beginning
   */
  public record FirstLook(String incarnation, int partitionCount) {}

  public StartOffsets(
      SubscriptionRequest request, FirstLook firstLook, SubscriptionListener listener) {
    this(request, firstLook, listener, true);
  }

  /**
   * @param isCountable as {@link RecordLogs#isCountable}
   */
  StartOffsets(
      SubscriptionRequest request,
      FirstLook firstLook,
      SubscriptionListener listener,
      boolean isCountable) {
    this.request = request;
    this.firstLook = firstLook;
    this.listener = listener;
    this.isCountable = isCountable;
  }

  String topic() {
    return request.topic();
  }

  SubscriptionListener listener() {
    return listener;
  }

  /** Whether a partition began in a topic of this name that is gone. */
  public boolean isOfAnother(int partition, String incarnation) {
    return !incarnation.equals(beganIn.getOrDefault(partition, firstLook.incarnation()));
  }

  /**
   * Start of a new assignment.
   *
   * @param resume the stored resume offset; null: none
   * @param incarnation of the topic now
   * @param held what the log has, asked for after the resume offset was: only in that order does an
   *     offset beyond the end mean that the log was cut
   */
  public long start(int partition, Long resume, String incarnation, LogRange held) {
    boolean isMadeAnew = isOfAnother(partition, incarnation);
    beganIn.put(partition, incarnation);
    if (isMadeAnew) {
      // A stored position belongs to the deleted topic.
      return restart(partition, resume == null ? 0 : resume, held.range().start());
    }
    if (resume != null) {
      return resumption(partition, resume, held.range());
    }
    boolean isNew = partition >= firstLook.partitionCount();
    return isNew || request.reset() == AutoOffsetReset.EARLIEST
        ? held.range().start()
        : held.visibleEnd().offset();
  }

  /** The offset at which a reader that asked for this one goes on. */
  public long resumption(int partition, long wanted, OffsetRange range) {
    if (range.canResumeAt(wanted) || isSilent(range)) {
      return wanted;
    }
    if (wanted > range.end()) {
      return restart(partition, wanted, range.start());
    }
    if (wanted == 0 && !isCountable) {
      return range.start();
    }
    long reported = reportedLostBelow.getOrDefault(partition, 0L);
    long lost = range.start() - Math.max(wanted, reported);
    if (lost > 0) {
      reportedLostBelow.put(partition, range.start());
      reportLost(partition, wanted, range.start(), lost);
    }
    return range.start();
  }

  /** A log that has no records, of offsets that begin anywhere, does not tell where it ended. */
  private boolean isSilent(OffsetRange range) {
    return !isCountable && range.end() == 0;
  }

  private void reportLost(int partition, long wanted, long start, long lost) {
    if (!isCountable) {
      log.warn(
          "retention may have removed records before they were read, topic={} group={}"
              + " partition={} wantedOffset={} startOffset={}",
          request.topic(),
          request.groupName(),
          partition,
          wanted,
          start);
      listener.onSkipped(partition, SkipReason.RETENTION, SubscriptionListener.UNKNOWN_COUNT);
      return;
    }
    log.warn(
        "retention removed records before they were read, topic={} group={} partition={}"
            + " wantedOffset={} startOffset={} lost={}",
        request.topic(),
        request.groupName(),
        partition,
        wanted,
        start,
        lost);
    listener.onSkipped(partition, SkipReason.RETENTION, lost);
  }

  private long restart(int partition, long wanted, long start) {
    reportTruncated(partition, wanted, start);
    reportedLostBelow.remove(partition);
    return start;
  }

  /** Reports that the log does not have an offset that it once had. */
  public void reportTruncated(int partition, long wanted, long resumed) {
    log.error(
        "the log was cut or made anew, or more was acknowledged than it ever had, topic={} group={}"
            + " partition={} wantedOffset={} resumedAt={}",
        request.topic(),
        request.groupName(),
        partition,
        wanted,
        resumed);
    listener.onSkipped(partition, SkipReason.TRUNCATION, 0);
  }
}
