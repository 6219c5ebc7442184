package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one consumer. Confined to the poll thread, but for {@link #close}.
 *
 * <h2>A round</h2>
 *
 * Do what others left; carry out the seeks of the readers; pause the partitions whose hand-off is
 * full and resume those that have room again; poll; leave what came in the hand-offs. A round waits
 * for nobody but the broker, and in the callback of a revocation for the listener, within a bound.
 */
final class PollLoop {

  private static final Logger log = LoggerFactory.getLogger(PollLoop.class);

  /**
   * The loop's named bounds.
   *
   * @param handOffBytes how much a partition holds ready
   * @param revoke how long a rebalance waits for the listener
   * @param close how long leaving the group may take
   * @param poll how long a poll may wait when there is nothing to do
   * @param retry how long to wait before a look-up is tried again
   */
  record Bounds(long handOffBytes, Duration revoke, Duration close, Duration poll, Duration retry) {

    /** Short enough that a rebalance is noticed soon: it is only seen when a poll begins. */
    private static final Duration POLL = Duration.ofMillis(250);

    private static final Duration RETRY = Duration.ofMillis(200);

    static Bounds of(KafkaSettings settings) {
      return new Bounds(
          settings.handOffBytes(), settings.revokeTimeout(), settings.closeTimeout(), POLL, RETRY);
    }
  }

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final SubscriptionRequest request;
  private final Bounds bounds;
  private final LoopTasks tasks;
  private final AssignedPartitions partitions;

  // Any thread.
  private volatile boolean isClosing;

  // Poll thread only.
  private boolean isPollFailing;

  /**
   * @param initialPartitionCount partitions from here on are new: they start at their beginning
   */
  PollLoop(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      LogRanges logRanges,
      SubscriptionRequest request,
      SubscriptionListener listener,
      Bounds bounds,
      int initialPartitionCount) {
    this.consumer = consumer;
    this.request = request;
    this.bounds = bounds;
    this.tasks = new LoopTasks(System::nanoTime, consumer::wakeup);
    var starts = new StartPositions(request, initialPartitionCount, logRanges, listener);
    this.partitions = new AssignedPartitions(consumer, starts, listener, tasks, bounds);
  }

  /** Leaves the group and ends {@link #run}. Any thread. */
  void close() {
    isClosing = true;
    tasks.wake();
  }

  /** Returns when closed; throws what cannot be healed. Either way the group was left. */
  void run() {
    try {
      subscribe();
      while (!isClosing) {
        runOnce();
      }
    } finally {
      leave();
    }
  }

  void subscribe() {
    consumer.subscribe(List.of(request.topic()), partitions);
  }

  void runOnce() {
    tasks.runDue();
    if (isClosing) {
      // Told after the round began, by a wake-up that this round has used up.
      return;
    }
    partitions.applySeeks();
    partitions.applyPauses();
    long longestNs = tasks.beginPoll(bounds.poll().toNanos());
    try {
      var records = consumer.poll(Duration.ofNanos(longestNs));
      isPollFailing = false;
      for (var id : records.partitions()) {
        partitions.offer(id, records.records(id));
      }
    } catch (WakeupException woken) {
      // Somebody left something to do: the next round does it.
    } catch (OffsetOutOfRangeException outOfRange) {
      partitions.onOutOfRange(outOfRange);
    } catch (AuthenticationException | AuthorizationException refused) {
      throw refused;
    } catch (RetriableException passing) {
      warnOnce(passing);
    } finally {
      tasks.endPoll();
    }
  }

  void leave() {
    partitions.end(
        new StorageException(StorageException.Kind.CLOSED, "the subscription was closed"));
    consumer.close(CloseOptions.timeout(bounds.close()));
  }

  private void warnOnce(RetriableException passing) {
    if (!isPollFailing) {
      isPollFailing = true;
      log.warn(
          "poll failed, trying on, topic={} group={} reason={}",
          request.topic(),
          request.groupName(),
          passing.getMessage());
    }
  }
}
