package io.liiklus.storage.kafka;

import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionListener.SkipReason;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovery of the partitions whose fetchers cannot go on: finds where each is to go on, tells the
 * listener what is passed over, and has it go on then. Confined to the member's turns, but for the
 * notifications of the fetchers, which come on any thread.
 */
final class FetchRecovery implements PartitionFetcher.Owner {

  private static final Logger log = LoggerFactory.getLogger(FetchRecovery.class);

  /** So often a wait for the machine gets twice as long: from 200 ms to 6.4 s. */
  private static final int MOST_DOUBLINGS = 5;

  private final AssignedPartitions partitions;
  private final StartOffsets starts;
  private final SubscriptionListener listener;
  private final CommandQueue tasks;
  private final GroupMembership.Bounds bounds;

  FetchRecovery(
      AssignedPartitions partitions,
      StartOffsets starts,
      SubscriptionListener listener,
      CommandQueue tasks,
      GroupMembership.Bounds bounds) {
    this.partitions = partitions;
    this.starts = starts;
    this.listener = listener;
    this.tasks = tasks;
    this.bounds = bounds;
  }

  @Override
  public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
    tasks.post(
        () -> {
          var partition = partitions.readBy(fetcher);
          if (partition != null) {
            reposition(partition, generation, offset, cutAt);
          }
        });
  }

  @Override
  public void onMachineFault(PartitionFetcher fetcher, long generation) {
    tasks.post(
        () -> {
          var partition = partitions.readBy(fetcher);
          if (partition != null) {
            tryAgain(partition, generation);
          }
        });
  }

  /** Where it stopped, which a seek that comes meanwhile goes before. */
  private void tryAgain(AssignedPartition partition, long generation) {
    if (partition.fetcher.takeProgress()) {
      partition.attempts = 0;
    }
    long delayNs = bounds.retry().toNanos() << Math.min(partition.attempts++, MOST_DOUBLINGS);
    var fetcher = partition.fetcher;
    tasks.postDelayed(delayNs, () -> fetcher.goOn(generation));
  }

  private void reposition(AssignedPartition partition, long generation, long offset, long cutAt) {
    partition.wantedGeneration = generation;
    partition.wantedOffset = offset;
    partition.cutAt = cutAt;
    if (partition.fetcher.takeProgress()) {
      partition.attempts = 0;
    }
    // The first time at once; a broker that goes on refusing is asked at a bounded rate.
    long delayNs = partition.attempts++ == 0 ? 0 : bounds.retry().toNanos();
    tasks.postDelayed(delayNs, () -> findResumption(partition));
  }

  private void findResumption(AssignedPartition partition) {
    long generation = partition.wantedGeneration;
    partitions
        .lookups()
        .ask(
            List.of(partition),
            held -> starts.log(held),
            (held, log) -> {
              boolean isStillWanted =
                  partition.wantedGeneration == generation
                      && partition.fetcher.prefetch().wanted().generation() == generation;
              // Else a seek came: it is read from there, and meets a trouble of its own.
              if (!held.isEmpty() && !partitions.beginAnew(log.topicId()) && isStillWanted) {
                resume(partition, log);
              }
            });
  }

  private void resume(AssignedPartition partition, StartOffsets.Log log) {
    if (partition.cutAt != PartitionFetcher.NOT_CUT) {
      // The log was cut at an offset below ours and has grown anew from there.
      starts.tellTruncated(partition, partition.wantedOffset, partition.cutAt);
      partition.wantedOffset = partition.cutAt;
      partition.cutAt = PartitionFetcher.NOT_CUT;
    }
    var range = log.ranges().get(partition.id.partition()).range();
    AssignedPartitions.goOn(
        partition, partition.wantedGeneration, starts.resumption(partition, range), log);
  }

  @Override
  public boolean onUnreadable(
      PartitionFetcher fetcher, long generation, long offset, KafkaException failure) {
    var id = fetcher.id();
    if (!bounds.skipsUnreadable()) {
      log.error(
          "unreadable record, topic={} partition={} offset={} reason={}",
          id.topic(),
          id.partition(),
          offset,
          UnreadableRecords.reason(failure));
      return false;
    }
    log.warn(
        "unreadable record passed over, topic={} partition={} offset={} reason={}",
        id.topic(),
        id.partition(),
        offset,
        UnreadableRecords.reason(failure));
    tasks.post(
        () -> {
          listener.onSkipped(id.partition(), SkipReason.CORRUPTION, 1);
          fetcher.goOn(generation);
        });
    return true;
  }

  @Override
  public void onRefused(KafkaException failure) {
    tasks.post(
        () -> {
          throw failure;
        });
  }
}
