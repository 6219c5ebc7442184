package io.liiklus.storage.kafka.group;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.storage.group.StartOffsets;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.read.CommandQueue;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.PartitionFetcher;
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
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;
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

  private final Consumer<?, ?> consumer;
  private final StartOffsets starts;
  private final StartLookup lookup;
  private final SubscriptionListener listener;
  private final CommandQueue commands;
  private final MemberContext context;
  private final RetryingLookup lookups;
  private final FetchRecovery recovery;
  private final Map<TopicPartition, AssignedPartition> assigned = new HashMap<>();
  private boolean isOver;

  AssignedPartitions(
      Consumer<?, ?> consumer,
      StartOffsets starts,
      StartLookup lookup,
      SubscriptionListener listener,
      CommandQueue commands,
      MemberContext context) {
    this.consumer = consumer;
    this.starts = starts;
    this.lookup = lookup;
    this.listener = listener;
    this.commands = commands;
    this.context = context;
    this.lookups = new RetryingLookup(commands, this::isHeld, context.retry());
    this.recovery = new FetchRecovery(this, starts, lookup, listener, commands, context);
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
      context.blocking().await(acksWritten, context.settings().revokeTimeout());
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
        lookup::find,
        (held, answer) -> {
          for (var partition : held) {
            announce(partition, answer);
          }
        });
  }

  private void announce(AssignedPartition partition, StartLookup.Answer answer) {
    int number = partition.number();
    var found = answer.log();
    var resume = answer.resumeOffsets().get(number);
    long start = starts.start(number, resume, found.topicId(), found.ranges().get(number));
    var id = new LogId(partition.id.topic(), number, found.topicId());
    partition.fetcher = context.reading().fetcher(id, start, recovery, () -> range(partition));
    listener.onAssigned(partition.fetcher.reader());
    resume(partition, 0, start, found);
  }

  /** Has the fetcher of a partition read on at an offset of this log. */
  static void resume(
      AssignedPartition partition, long generation, long offset, StartLookup.Log found) {
    var held = found.ranges().get(partition.number());
    partition.fetcher.resume(generation, held.position(offset), held.isEnd(offset));
  }

  private CompletionStage<OffsetRange> range(AssignedPartition partition) {
    return lookup
        .ranges(List.of(partition))
        .thenApply(ranges -> ranges.get(partition.number()).range())
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
        lookup
            .topicId()
            .whenComplete(
                (id, failure) ->
                    commands.post(
                        () -> {
                          if (isOver) {
                            return;
                          }
                          commands.postDelayed(
                              context.settings().topicAge().toNanos(), this::checkTopic);
                          if (failure == null) {
                            beginAnew(id);
                          } else if (!RetryingLookup.isHealing(KafkaFailures.of(failure))) {
                            throw KafkaFailures.of(failure);
                          }
                        }));
  }

  /** Gives up the partitions that began in another topic of the name, and begins them anew. */
  boolean beginAnew(String topicId) {
    var gone =
        assigned.values().stream()
            .filter(partition -> partition.fetcher != null)
            .filter(partition -> starts.isOfAnother(partition.number(), topicId))
            .map(partition -> partition.id)
            .toList();
    if (!gone.isEmpty()) {
      onPartitionsLost(gone);
      begin(gone);
    }
    return !gone.isEmpty();
  }

  /** Null where the fetcher's assignment is over. */
  AssignedPartition assignedTo(PartitionFetcher fetcher) {
    var log = fetcher.log();
    var partition = assigned.get(new TopicPartition(log.topic(), log.partition()));
    return partition != null && partition.fetcher == fetcher ? partition : null;
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
