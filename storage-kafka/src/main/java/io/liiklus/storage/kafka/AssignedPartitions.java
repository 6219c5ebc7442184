package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionListener.SkipReason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a member holds, each with its fetcher. Touches those that a callback names
 * and no others, since every rebalance protocol names different ones. Confined to the member's
 * turns, but for what its fetchers tell.
 *
 * <p>The member's consumer reads none of them: they stay paused, at a placeholder.
 */
final class AssignedPartitions implements ConsumerRebalanceListener, PartitionFetcher.Owner {

  private static final Logger log = LoggerFactory.getLogger(AssignedPartitions.class);

  /** Any offset will do while a partition is paused; without one no poll succeeds. */
  private static final long PLACEHOLDER = 0;

  /** So often a wait for the machine gets twice as long: from 200 ms to 6.4 s. */
  private static final int MOST_DOUBLINGS = 5;

  /** Makes the fetcher of a partition that begins at an offset. */
  interface Fetchers {
    PartitionFetcher fetcher(
        PartitionFetcher.Origin origin,
        PartitionFetcher.Owner owner,
        Supplier<CompletionStage<OffsetRange>> range);
  }

  private final Consumer<?, ?> consumer;
  private final StartOffsets starts;
  private final SubscriptionListener listener;
  private final CommandQueue tasks;
  private final GroupMembership.Bounds bounds;
  private final GroupMembership.Sharing sharing;
  private final RetryingLookup lookups;
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();
  private boolean isOver;

  AssignedPartitions(
      Consumer<?, ?> consumer,
      StartOffsets starts,
      SubscriptionListener listener,
      CommandQueue tasks,
      GroupMembership.Sharing sharing) {
    this.consumer = consumer;
    this.starts = starts;
    this.listener = listener;
    this.tasks = tasks;
    this.sharing = sharing;
    this.bounds = sharing.bounds();
    this.lookups = new RetryingLookup(tasks, this::isHeld, bounds.retry());
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    if (!added.isEmpty()) {
      begin(added);
    }
  }

  private void begin(Collection<TopicPartition> ids) {
    consumer.pause(ids);
    var fresh = new ArrayList<AssignedPartition>();
    for (var id : ids) {
      consumer.seek(id, PLACEHOLDER);
      var partition = new AssignedPartition(id);
      assigned.put(id, partition);
      fresh.add(partition);
    }
    findStarts(fresh);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    var told = remove(revoked, new StorageException(Kind.REVOKED, "the partition was revoked"));
    if (told.isEmpty()) {
      return;
    }
    var acksWritten = listener.onRevoked(told).toCompletableFuture();
    try {
      sharing.waits().await(acksWritten, bounds.revoke());
    } catch (TimeoutException late) {
      log.warn("acks of revoked partitions are still under way, partitions={}", told);
    } catch (ExecutionException failed) {
      log.warn(
          "acks of revoked partitions failed, partitions={} reason={}",
          told,
          failed.getCause().getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    var told = remove(lost, new StorageException(Kind.LOST, "the partition was lost"));
    if (!told.isEmpty()) {
      listener.onLost(told);
    }
  }

  /** For good: another member takes the place of this one. */
  void loseAll() {
    isOver = true;
    onPartitionsLost(List.copyOf(assigned.keySet()));
  }

  /** Ends every read, and those to come. */
  void end(StorageException reason) {
    for (var partition : assigned.values()) {
      if (partition.fetcher != null) {
        partition.fetcher.end(reason);
      }
    }
  }

  private boolean isHeld(AssignedPartition partition) {
    return assigned.get(partition.id) == partition;
  }

  private void findStarts(List<AssignedPartition> fresh) {
    lookups.ask(
        fresh,
        starts::find,
        (held, answer) -> {
          for (var partition : held) {
            announce(partition, answer);
          }
        });
  }

  private void announce(AssignedPartition partition, StartOffsets.Answer answer) {
    long start = starts.start(partition, answer);
    var origin =
        new PartitionFetcher.Origin(new PartitionLog(partition.id, answer.log().topicId()), start);
    partition.fetcher = sharing.fetchers().fetcher(origin, this, () -> range(partition));
    listener.onAssigned(partition.fetcher.prefetch());
    goOn(partition, 0, start, answer.log());
  }

  private static void goOn(
      AssignedPartition partition, long generation, long offset, StartOffsets.Log log) {
    var held = log.ranges().get(partition.id.partition());
    partition.fetcher.goOn(generation, held.position(offset), held.visibleEnd().offset() == offset);
  }

  private CompletionStage<OffsetRange> range(AssignedPartition partition) {
    return starts
        .ranges(List.of(partition))
        .thenApply(ranges -> ranges.get(partition.id.partition()).range())
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedStage(
                    KafkaFailures.waitedOut(StorageException.of(failure))));
  }

  /**
   * Looks whether the topic is still the one that its partitions began in. The consumer does not
   * tell when it was deleted and made anew, and goes on where there is a record at the offset.
   */
  void checkTopic() {
    var unused =
        starts
            .topicId()
            .whenComplete(
                (id, failure) ->
                    tasks.post(
                        () -> {
                          if (isOver) {
                            return;
                          }
                          tasks.postDelayed(bounds.topicCheck().toNanos(), this::checkTopic);
                          if (failure == null) {
                            beginAnew(id);
                          } else if (!RetryingLookup.isHealing(KafkaFailures.of(failure))) {
                            throw KafkaFailures.of(failure);
                          }
                        }));
  }

  /** Gives up the partitions that began in another topic of the name, and begins them anew. */
  private boolean beginAnew(Uuid topicId) {
    var gone =
        assigned.values().stream()
            .filter(partition -> partition.fetcher != null)
            .filter(partition -> starts.isOfAnother(partition, topicId))
            .map(partition -> partition.id)
            .toList();
    if (!gone.isEmpty()) {
      onPartitionsLost(gone);
      begin(gone);
    }
    return !gone.isEmpty();
  }

  @Override
  public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
    tasks.post(
        () -> {
          var partition = assigned.get(fetcher.id());
          if (partition != null && partition.fetcher == fetcher) {
            reposition(partition, generation, offset, cutAt);
          }
        });
  }

  @Override
  public void onMachineFault(PartitionFetcher fetcher, long generation) {
    tasks.post(
        () -> {
          var partition = assigned.get(fetcher.id());
          if (partition != null && partition.fetcher == fetcher) {
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
    lookups.ask(
        List.of(partition),
        held -> starts.log(held),
        (held, log) -> {
          boolean isStillWanted =
              partition.wantedGeneration == generation
                  && partition.fetcher.prefetch().wanted().generation() == generation;
          // Else a seek came: it is read from there, and meets a trouble of its own.
          if (!held.isEmpty() && !beginAnew(log.topicId()) && isStillWanted) {
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
    goOn(partition, partition.wantedGeneration, starts.resumption(partition, range), log);
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

  private Set<Integer> remove(Collection<TopicPartition> ids, StorageException reason) {
    var told = new LinkedHashSet<Integer>();
    for (var id : ids) {
      var partition = assigned.remove(id);
      if (partition != null && partition.fetcher != null) {
        partition.fetcher.end(reason);
        told.add(id.partition());
      }
    }
    return told;
  }
}
