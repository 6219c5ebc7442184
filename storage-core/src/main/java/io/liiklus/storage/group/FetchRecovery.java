package io.liiklus.storage.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener.SkipReason;
import io.liiklus.storage.read.Commands;
import io.liiklus.storage.read.FetchListener;
import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.PartitionFetcher;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Recovery of partitions whose fetchers have stopped: finds where each is to go on, reports what is
 * passed over, and has it go on then. Confined to the loop of the subscription, but for the
 * notifications of the fetchers, which come on any thread.
 */
final class FetchRecovery implements FetchListener {

  private static final Logger log = LoggerFactory.getLogger(FetchRecovery.class);

  /** So often a wait for the machine gets twice as long: from 200 ms to 6.4 s. */
  private static final int MOST_DOUBLINGS = 5;

  private final AssignedPartitions partitions;
  private final StartOffsets starts;
  private final StartLookup lookup;
  private final Commands commands;
  private final GroupSettings settings;

  FetchRecovery(
      AssignedPartitions partitions,
      StartOffsets starts,
      StartLookup lookup,
      Commands commands,
      GroupSettings settings) {
    this.partitions = partitions;
    this.starts = starts;
    this.lookup = lookup;
    this.commands = commands;
    this.settings = settings;
  }

  @Override
  public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
    post(fetcher, partition -> reposition(partition, generation, offset, cutAt));
  }

  @Override
  public void onTailOutOfRange(PartitionFetcher fetcher, long generation) {
    post(
        fetcher,
        partition ->
            commands.postDelayed(nextDelayNs(partition), () -> checkTopic(partition, generation)));
  }

  /** Does nothing where the fetcher's assignment is over by then. */
  private void post(PartitionFetcher fetcher, Consumer<AssignedPartition> task) {
    commands.post(
        () -> {
          var partition = partitions.assignedTo(fetcher);
          if (partition != null) {
            task.accept(partition);
          }
        });
  }

  /** Reads on in the same topic; begins anew in one that was made anew. */
  private void checkTopic(AssignedPartition partition, long generation) {
    partitions
        .lookups()
        .ask(
            List.of(partition),
            lookup::log,
            (held, found) -> {
              if (!held.isEmpty() && !partitions.beginAnew(found.incarnation())) {
                partition.fetcher.resume(generation);
              }
            });
  }

  @Override
  public void onEnded(PartitionFetcher fetcher) {
    post(fetcher, partition -> partitions.onEnded(partition.number));
  }

  @Override
  public void onMachineFault(PartitionFetcher fetcher, long generation) {
    post(fetcher, partition -> tryAgain(partition, generation));
  }

  /** Where it stopped, which a seek that comes meanwhile goes before. */
  private void tryAgain(AssignedPartition partition, long generation) {
    if (partition.fetcher.takeProgress()) {
      partition.attempts = 0;
    }
    long delayNs = settings.retry().toNanos() << Math.min(partition.attempts++, MOST_DOUBLINGS);
    var fetcher = partition.fetcher;
    commands.postDelayed(delayNs, () -> fetcher.resume(generation));
  }

  private void reposition(AssignedPartition partition, long generation, long offset, long cutAt) {
    partition.wantedGeneration = generation;
    partition.wantedOffset = offset;
    partition.cutAt = cutAt;
    commands.postDelayed(nextDelayNs(partition), () -> findResumption(partition));
  }

  /** The first time at once; a broker that goes on refusing is asked at a bounded rate. */
  private long nextDelayNs(AssignedPartition partition) {
    if (partition.fetcher.takeProgress()) {
      partition.attempts = 0;
    }
    return partition.attempts++ == 0 ? 0 : settings.retry().toNanos();
  }

  private void findResumption(AssignedPartition partition) {
    long generation = partition.wantedGeneration;
    partitions
        .lookups()
        .ask(
            List.of(partition),
            lookup::log,
            (held, found) -> {
              boolean isStillWanted =
                  partition.wantedGeneration == generation
                      && partition.fetcher.wantedGeneration() == generation;
              // Else a seek came: it is read from there, and meets a trouble of its own.
              if (!held.isEmpty() && !partitions.beginAnew(found.incarnation()) && isStillWanted) {
                resume(partition, found);
              }
            });
  }

  private void resume(AssignedPartition partition, StartLookup.Log found) {
    int number = partition.number;
    if (partition.cutAt != FetchOutcome.NOT_CUT) {
      // The log was cut at an offset below ours and has grown anew from there.
      starts.reportTruncated(number, partition.wantedOffset, partition.cutAt);
      partition.wantedOffset = partition.cutAt;
      partition.cutAt = FetchOutcome.NOT_CUT;
    }
    var range = found.ranges().get(number).range();
    long offset = starts.resumption(number, partition.wantedOffset, range);
    AssignedPartitions.resume(partition, partition.wantedGeneration, offset, found);
  }

  @Override
  public boolean onUnreadable(
      PartitionFetcher fetcher, long generation, long offset, String reason) {
    var id = fetcher.log();
    if (!settings.skipsUnreadable()) {
      log.error(
          "unreadable record, topic={} partition={} offset={} reason={}",
          id.topic(),
          id.partition(),
          offset,
          reason);
      return false;
    }
    log.warn(
        "unreadable record passed over, topic={} partition={} offset={} reason={}",
        id.topic(),
        id.partition(),
        offset,
        reason);
    commands.post(
        () -> {
          starts.listener().onSkipped(id.partition(), SkipReason.CORRUPTION, 1);
          fetcher.resume(generation);
        });
    return true;
  }

  @Override
  public void onRefused(StorageException reason) {
    commands.post(
        () -> {
          throw reason;
        });
  }
}
