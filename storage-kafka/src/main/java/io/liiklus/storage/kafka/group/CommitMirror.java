package io.liiklus.storage.kafka.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.read.CommandQueue;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mirror of a member's positions in Kafka's own group, for lag tools and for a return to plain
 * consumers. The gateway does not read it, and no ack waits for it. Confined to the member's turns.
 *
 * <p>It reads the stored positions and is not notified of acks, since any gateway may get those. So
 * it costs one read of the positions a second, and nothing for an ack or a record.
 */
final class CommitMirror implements ConsumerRebalanceListener {

  /** Time between two commits of a member; revoked partitions are committed once more. */
  static final Duration INTERVAL = Duration.ofSeconds(1);

  private static final Logger log = LoggerFactory.getLogger(CommitMirror.class);

  private final Consumer<?, ?> consumer;
  private final SubscriptionRequest request;
  private final SubscriptionListener listener;
  private final CommandQueue commands;
  private final KafkaGroups groups;
  private final ConsumerRebalanceListener partitions;
  private final Set<TopicPartition> held = new HashSet<>();

  /** Offsets that were committed, of the partitions held. */
  private final Map<TopicPartition, Long> committed = new HashMap<>();

  /** Set from the read of the positions until their commit is answered. */
  private boolean isUnderWay;

  /**
   * @param partitions is called back first
   */
  CommitMirror(
      Consumer<?, ?> consumer,
      SubscriptionRequest request,
      SubscriptionListener listener,
      CommandQueue commands,
      KafkaGroups groups,
      ConsumerRebalanceListener partitions) {
    this.consumer = consumer;
    this.request = request;
    this.listener = listener;
    this.commands = commands;
    this.groups = groups;
    this.partitions = partitions;
  }

  void start() {
    commands.postDelayed(INTERVAL.toNanos(), this::round);
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    partitions.onPartitionsAssigned(added);
    held.addAll(added);
  }

  /** The acks are stored by then, or their time is over. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    partitions.onPartitionsRevoked(revoked);
    if (!revoked.isEmpty()) {
      commitLast(Set.copyOf(revoked));
    }
    forget(revoked);
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    partitions.onPartitionsLost(lost);
    forget(lost);
  }

  private void forget(Collection<TopicPartition> gone) {
    gone.forEach(held::remove);
    gone.forEach(committed::remove);
  }

  private void round() {
    commands.postDelayed(INTERVAL.toNanos(), this::round);
    if (isUnderWay || held.isEmpty()) {
      return;
    }
    isUnderWay = true;
    var unused =
        listener
            .storedOffsets(numbers(held))
            .whenComplete(
                (stored, failure) ->
                    commands.post(
                        () -> {
                          if (failure == null) {
                            commit(changed(held, stored));
                          } else {
                            isUnderWay = false;
                            onFailed(failure);
                          }
                        }));
  }

  private void commitLast(Set<TopicPartition> going) {
    var stored = listener.storedOffsets(numbers(going)).toCompletableFuture();
    try {
      groups.scheduler().await(stored, groups.settings().revokeTimeout());
      commit(changed(going, stored.join()));
    } catch (TimeoutException late) {
      onFailed(new StorageException(Kind.UNAVAILABLE, "the positions were not read in time"));
    } catch (ExecutionException failed) {
      onFailed(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static Set<Integer> numbers(Set<TopicPartition> ids) {
    return ids.stream().map(TopicPartition::partition).collect(Collectors.toSet());
  }

  private Map<TopicPartition, OffsetAndMetadata> changed(
      Set<TopicPartition> ids, Map<Integer, Long> stored) {
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var id : ids) {
      var offset = stored.get(id.partition());
      if (offset != null && !offset.equals(committed.get(id))) {
        offsets.put(id, new OffsetAndMetadata(offset, CommittedOffsets.OF_GATEWAY));
      }
    }
    return offsets;
  }

  private void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    if (offsets.isEmpty()) {
      isUnderWay = false;
      return;
    }
    try {
      consumer.commitAsync(offsets, this::onCommitted);
    } catch (KafkaException failure) {
      onCommitted(offsets, failure);
    }
  }

  private void onCommitted(Map<TopicPartition, OffsetAndMetadata> offsets, Exception failure) {
    isUnderWay = false;
    if (failure != null) {
      onFailed(failure);
      return;
    }
    offsets.forEach(
        (id, offset) -> {
          if (held.contains(id)) {
            committed.put(id, offset.offset());
          }
        });
  }

  /** A commit that a rebalance refuses is repeated after it, here or by another member. */
  private void onFailed(Throwable failure) {
    if (failure instanceof RebalanceInProgressException
        || failure instanceof CommitFailedException) {
      log.debug(
          "not mirrored, topic={} group={} reason={}",
          request.topic(),
          request.groupName(),
          failure.getMessage());
    } else {
      var known = KafkaFailures.of(failure);
      groups.faults().onNotMirrored(request.topic(), request.groupName(), known);
    }
  }
}
