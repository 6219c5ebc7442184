package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener;
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
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that a member holds, each with its fetcher. Touches those that a callback names
 * and no others, since every rebalance protocol names different ones. Confined to the member's
 * turns.
 *
 * <p>The member's consumer reads none of them: they stay paused, at a placeholder.
 */
final class AssignedPartitions implements ConsumerRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(AssignedPartitions.class);

  /** Any offset will do while a partition is paused; without one no poll succeeds. */
  private static final long PLACEHOLDER = 0;

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
  private final FetchRecovery recovery;
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
    this.recovery = new FetchRecovery(this, starts, listener, tasks, bounds);
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

  /** The partition that this fetcher reads for; null where it was taken away. */
  AssignedPartition readBy(PartitionFetcher fetcher) {
    var partition = assigned.get(fetcher.id());
    return partition != null && partition.fetcher == fetcher ? partition : null;
  }

  /** Asks for one partition, as long as it is held. */
  RetryingLookup lookups() {
    return lookups;
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
    partition.fetcher = sharing.fetchers().fetcher(origin, recovery, () -> range(partition));
    listener.onAssigned(partition.fetcher.prefetch());
    goOn(partition, 0, start, answer.log());
  }

  /** Has the fetcher of a partition read on at an offset of this log. */
  static void goOn(
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
  boolean beginAnew(Uuid topicId) {
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
