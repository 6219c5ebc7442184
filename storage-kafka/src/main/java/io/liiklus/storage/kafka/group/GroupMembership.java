package io.liiklus.storage.kafka.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.group.AssignedPartitions;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.kafka.client.KafkaSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Membership in a Kafka group: a consumer that is assigned partitions and never fetches, since all
 * of them stay paused at a placeholder. Confined to its subscription's turns.
 */
final class GroupMembership implements ConsumerRebalanceListener {

  private static final Logger log = LoggerFactory.getLogger(GroupMembership.class);

  /** Offset of a paused partition; any will do, and without one no poll succeeds. */
  private static final long PLACEHOLDER = 0;

  /** Wait within a turn, while another thread takes over the turns of other members. */
  interface Waits {
    void await(CompletableFuture<?> awaited, Duration longest)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  private final Consumer<?, ?> consumer;
  private final SubscriptionRequest request;
  private final AssignedPartitions partitions;
  private final Waits waits;
  private final StandingFaults faults;
  private final KafkaSettings settings;

  /** Listener that the consumer calls back; calls this member in turn. */
  private ConsumerRebalanceListener rebalances = this;

  private boolean isPollFailing;
  private boolean wasRefused;
  private boolean isLeaving;

  GroupMembership(
      Consumer<?, ?> consumer,
      SubscriptionRequest request,
      AssignedPartitions partitions,
      Waits waits,
      StandingFaults faults,
      KafkaSettings settings) {
    this.consumer = consumer;
    this.request = request;
    this.partitions = partitions;
    this.waits = waits;
    this.faults = faults;
    this.settings = settings;
  }

  /** Has the consumer call back another, which calls this member; before {@link #subscribe}. */
  void callBackThrough(ConsumerRebalanceListener another) {
    rebalances = another;
  }

  void subscribe() {
    consumer.subscribe(List.of(request.topic()), rebalances);
    partitions.watchTopic();
  }

  /** Has the consumer send and receive without a wait, except that of the callbacks. */
  void poll() {
    try {
      var nothing = consumer.poll(Duration.ZERO);
      if (!nothing.isEmpty()) {
        throw new IllegalStateException("a partition that is paused was read: " + nothing);
      }
      isPollFailing = false;
    } catch (RetriableException passing) {
      if (!isPollFailing) {
        isPollFailing = true;
        log.warn(
            "poll failed, trying on, topic={} group={} reason={}",
            request.topic(),
            request.groupName(),
            passing.getMessage());
      }
    } catch (AuthenticationException refused) {
      wasRefused = true;
      faults.onLoginRefused(KafkaFailures.of(refused));
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    consumer.pause(added);
    added.forEach(id -> consumer.seek(id, PLACEHOLDER));
    partitions.assign(numbers(added));
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    var numbers = numbers(revoked);
    var acksWritten = partitions.revoke(numbers).toCompletableFuture();
    try {
      waits.await(acksWritten, settings.revokeTimeout());
    } catch (TimeoutException late) {
      log.warn("acks of revoked partitions are still under way, partitions={}", numbers);
    } catch (ExecutionException failed) {
      log.warn(
          "acks of revoked partitions failed, partitions={} reason={}",
          numbers,
          failed.getCause().getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * A consumer that leaves while its group rebalances calls lost what it gives up by itself: nobody
   * has it yet, and its acks are waited for, as those of any member that leaves.
   */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    if (isLeaving) {
      onPartitionsRevoked(lost);
    } else {
      partitions.lose(numbers(lost));
    }
  }

  private static List<Integer> numbers(Collection<TopicPartition> ids) {
    return ids.stream().map(TopicPartition::partition).toList();
  }

  /** Returns whether the login of a poll was refused. The classic protocol recovers by itself. */
  boolean wasRefused() {
    return wasRefused;
  }

  /** Loses every partition and closes the consumer without leaving the group. */
  void abandon() {
    partitions.loseAll();
    close(Duration.ZERO);
  }

  /** Ends every read and leaves the group. */
  void leave() {
    isLeaving = true;
    partitions.end(new StorageException(Kind.CLOSED, "the subscription was closed"));
    close(settings.closeTimeout());
  }

  private void close(Duration longest) {
    try {
      consumer.close(CloseOptions.timeout(longest));
    } catch (KafkaException failure) {
      log.warn(
          "leaving the group failed, topic={} group={} reason={}",
          request.topic(),
          request.groupName(),
          failure.getMessage());
    }
  }
}
