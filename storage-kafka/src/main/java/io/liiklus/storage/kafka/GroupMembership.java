package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.StartOffsets.FirstLook;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes part in a group: its consumer is given partitions and loses them, and never fetches, since
 * all of them stay paused. Confined to its subscription's turns.
 */
final class GroupMembership {

  private static final Logger log = LoggerFactory.getLogger(GroupMembership.class);

  /**
   * The named bounds.
   *
   * @param revoke how long a rebalance waits for the listener
   * @param close how long leaving the group may take
   * @param retry how long to wait before a look-up is tried again
   * @param topicCheck how often it is looked whether the topic was made anew
   * @param skipsUnreadable whether records that cannot be read are passed over
   */
  record Bounds(
      Duration revoke,
      Duration close,
      Duration retry,
      Duration topicCheck,
      boolean skipsUnreadable) {

    private static final Duration RETRY = Duration.ofMillis(200);

    static Bounds of(KafkaSettings settings) {
      return new Bounds(
          settings.revokeTimeout(),
          settings.closeTimeout(),
          RETRY,
          settings.topicAge(),
          settings.skipsUnreadable());
    }
  }

  /** What a member is to read. */
  record Order(SubscriptionRequest request, FirstLook firstLook) {}

  /** ManagedBlocking within a turn, so that other members need not wait for their turns. */
  interface ManagedBlocking {
    void await(CompletableFuture<?> awaited, Duration longest)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  /** What members share. */
  record Sharing(
      LogRanges logRanges,
      AssignedPartitions.Fetchers fetchers,
      ManagedBlocking waits,
      Bounds bounds,
      StandingFaults faults) {}

  private final Consumer<?, ?> consumer;
  private final SubscriptionRequest request;
  private final CommandQueue tasks;
  private final Bounds bounds;
  private final AssignedPartitions partitions;
  private final StandingFaults faults;

  private boolean isPollFailing;
  private boolean wasRefused;

  GroupMembership(
      Consumer<?, ?> consumer,
      Order order,
      SubscriptionListener listener,
      CommandQueue tasks,
      Sharing sharing) {
    this.consumer = consumer;
    this.request = order.request();
    this.tasks = tasks;
    this.bounds = sharing.bounds();
    this.faults = sharing.faults();
    var starts = new StartOffsets(request, order.firstLook(), sharing.logRanges(), listener);
    this.partitions = new AssignedPartitions(consumer, starts, listener, tasks, sharing);
  }

  void subscribe() {
    consumer.subscribe(List.of(request.topic()), partitions);
    tasks.postDelayed(bounds.topicCheck().toNanos(), partitions::checkTopic);
  }

  /** Has the consumer send and take what is due; waits for nothing but the callbacks. */
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
      faults.onLoginRefused(refused);
    }
  }

  /** Whether a poll was not let in. The next one of the classic protocol goes on from there. */
  boolean wasRefused() {
    return wasRefused;
  }

  /** Loses every partition and lets go of the consumer, without a word to the group. */
  void abandon() {
    partitions.loseAll();
    close(Duration.ZERO);
  }

  /** Ends every read and leaves the group. */
  void leave() {
    partitions.end(
        new StorageException(StorageException.Kind.CLOSED, "the subscription was closed"));
    close(bounds.close());
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
