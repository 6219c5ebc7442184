package io.liiklus.cli.records;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.cli.CliException;
import io.liiklus.cli.records.RecordsStorages.Opened;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Copy of one topic: all partitions at once, each in its order. Confined to the command, but for
 * {@link #post}.
 */
final class TopicCopy {

  /** Group as which the source is read; it leaves no positions. */
  static final String GROUP = "liiklus-copy";

  /** Records that the target has not answered. */
  static final int MAX_IN_FLIGHT = 10_000;

  /** Bytes of such records; one record may be larger. */
  static final long MAX_IN_FLIGHT_BYTES = 16 << 20;

  /** How long a record may wait in the target. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** After so long without a record a source whose offsets may have gaps is asked for its ends. */
  private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(10);

  /** After so long without any progress the copy fails. */
  private static final long STALLED_NS = TimeUnit.SECONDS.toNanos(120);

  private final CopyTasks tasks;
  private final CopyProgress progress;
  private final CopyReport report;
  private final TopicPlan plan;
  private final Opened source;
  private final Opened target;
  private final Map<Integer, PartitionCopy> left = new TreeMap<>();
  private final Queue<PartitionCopy> blocked = new ArrayDeque<>();
  private int inFlight;
  private long inFlightBytes;
  private long movedNs = System.nanoTime();
  private boolean isAsking;
  private CliException failure;

  TopicCopy(
      CopyTasks tasks,
      CopyProgress progress,
      CopyReport report,
      TopicPlan plan,
      Opened source,
      Opened target) {
    this.tasks = tasks;
    this.progress = progress;
    this.report = report;
    this.plan = plan;
    this.source = source;
    this.target = target;
  }

  /**
   * Copies, until the end that the source had when it was planned.
   *
   * @throws CliException where not all is copied; what is, is known to the progress
   */
  void run() throws InterruptedException {
    var resumeOffsets = new HashMap<Integer, Long>();
    plan.ranges().keySet().forEach(id -> resumeOffsets.put(id, plan.resumeOffset(id)));
    plan.ends().forEach((id, end) -> left.put(id, new PartitionCopy(this, id, end)));
    if (left.isEmpty()) {
      return;
    }
    var request = new SubscriptionRequest(topic(), GROUP, AutoOffsetReset.EARLIEST);
    var listener = new SourceListener(this, this::post, resumeOffsets);
    var subscription = source.records().subscribe(request, listener);
    try {
      while (!left.isEmpty() && failure == null) {
        turn();
      }
      awaitAnswers();
    } finally {
      tasks.awaitClose(subscription.close());
      progress.save();
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void turn() throws InterruptedException {
    if (tasks.isInterrupted()) {
      fail("interrupted");
    }
    tasks.runSome();
    pumpBlocked();
    left.values().removeIf(PartitionCopy::isDone);
    progress.saveIfDue();
    report.tick(topic(), left.size());
    lookForStandstill();
  }

  /** What is on its way may still be stored, and need not be sent again then. */
  private void awaitAnswers() throws InterruptedException {
    long deadlineNs = System.nanoTime() + tasks.patienceOfEnd().toNanos();
    while (inFlight > 0 && System.nanoTime() - deadlineNs < 0) {
      tasks.runSome();
    }
  }

  private void pumpBlocked() {
    for (int i = blocked.size(); i > 0 && !isFull(); i--) {
      blocked.remove().pump();
    }
  }

  private void lookForStandstill() {
    long quietNs = System.nanoTime() - movedNs;
    if (quietNs >= STALLED_NS) {
      long missing = left.values().stream().filter(it -> !it.isAssigned()).count();
      fail(
          missing > 0
              ? ("%s: %d partitions of topic %s are not assigned; does another copy read it, as group"
                      + " %s?")
                  .formatted(source.name(), missing, topic(), GROUP)
              : "no record of topic %s was copied for %d s"
                  .formatted(topic(), TimeUnit.NANOSECONDS.toSeconds(quietNs)));
    } else if (quietNs >= QUIET_NS && isWaitingForSourceAlone() && !isAsking) {
      isAsking = true;
      long askedNs = movedNs;
      // Each partition's own server answers, and not just any.
      var unused =
          source
              .records()
              .endOffsets(topic())
              .whenComplete((ends, away) -> post(() -> onChecked(away == null, askedNs)));
    }
  }

  private boolean isWaitingForSourceAlone() {
    return !source.records().isGapless()
        && inFlight == 0
        && left.values().stream().allMatch(PartitionCopy::isReadOpen);
  }

  /** Offsets before an end need not be records: those of transactions, and compacted ones. */
  private void onChecked(boolean isThere, long askedNs) {
    isAsking = false;
    if (!isThere || askedNs != movedNs || !isWaitingForSourceAlone()) {
      return;
    }
    for (var partition : left.values()) {
      report.say(
          "topic %s, partition %d: the source has no further record before its end"
              .formatted(topic(), partition.partition()));
      partition.endHere();
    }
  }

  String topic() {
    return plan.topic();
  }

  boolean isKeepingPartitions() {
    return plan.progress().isKeepingPartitions();
  }

  /** Runs a task on the command's thread. Any thread. */
  void post(Runnable task) {
    tasks.post(task);
  }

  CompletionStage<PublishedRecord> publish(RecordToPublish record) {
    return target.records().publish(record, PATIENCE);
  }

  boolean isFull() {
    return failure != null || inFlight >= MAX_IN_FLIGHT || inFlightBytes >= MAX_IN_FLIGHT_BYTES;
  }

  boolean isFailed() {
    return failure != null;
  }

  /** Goes on with it when there is room. */
  void block(PartitionCopy partition) {
    blocked.add(partition);
  }

  void onSent(long timestamp, long bytes) {
    report.onSent(timestamp);
    inFlight++;
    inFlightBytes += bytes;
  }

  void onAnswered(long bytes) {
    inFlight--;
    inFlightBytes -= bytes;
  }

  void onMoved() {
    movedNs = System.nanoTime();
  }

  void onCopied(PartitionCopy partition, long offset, long bytes, PublishedRecord published) {
    onMoved();
    plan.progress().add(partition.partition(), offset, published.partition(), published.offset());
    progress.onChanged();
    report.onCopied(bytes);
  }

  void onAssigned(PartitionReader reader) {
    var partition = left.get(reader.partition());
    if (partition != null) {
      onMoved();
      partition.assign(reader);
    }
  }

  void onTakenAway() {
    fail(
        ("%s: partitions of topic %s were taken away; another copy reads it, as group %s, or the"
                + " source was silent for too long")
            .formatted(source.name(), topic(), GROUP));
  }

  void onSkipped(int partition, SkipReason reason, long records) {
    if (reason == SkipReason.TRUNCATION) {
      fail(
          "%s: topic %s, partition %d was cut or made anew"
              .formatted(source.name(), topic(), partition));
      return;
    }
    report.say(
        "topic %s, partition %d: %s records are gone from the source (%s)"
            .formatted(
                topic(),
                partition,
                records < 0 ? "some" : Long.toString(records),
                reason == SkipReason.RETENTION ? "its retention" : "unreadable"));
  }

  void onSourceFailed(StorageException reason) {
    fail("%s: topic %s: %s".formatted(source.name(), topic(), reason.getMessage()));
  }

  void onReadFailed(int partition, StorageException reason) {
    fail(
        "%s: topic %s, partition %d: %s"
            .formatted(source.name(), topic(), partition, reason.getMessage()));
  }

  void onPublishFailed(int partition, long offset, StorageException reason) {
    fail(
        "%s: the record of topic %s, partition %d, offset %d was not stored: %s"
            .formatted(target.name(), topic(), partition, offset, reason.getMessage()));
  }

  /** The first failure counts. What the target has not begun is taken back, or it overtakes. */
  private void fail(String reason) {
    if (failure == null) {
      failure =
          new CliException("%s (%s; run it again to go on)".formatted(reason, report.copied()));
      left.values().forEach(PartitionCopy::withdraw);
    }
  }
}
