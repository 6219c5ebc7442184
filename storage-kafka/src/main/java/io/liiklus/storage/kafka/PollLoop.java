package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.StartPositions.FirstLook;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
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
   * @param copy how long a batch may wait before it is copied out of the fetch that it pins
   * @param hold how long idle partitions are paused with one that got full
   * @param revoke how long a rebalance waits for the listener
   * @param close how long leaving the group may take
   * @param poll how long a poll may wait when there is nothing to do
   * @param retry how long to wait before a look-up is tried again
   * @param topicCheck how often it is looked whether the topic was made anew
   */
  record Bounds(
      long handOffBytes,
      Duration copy,
      Duration hold,
      Duration revoke,
      Duration close,
      Duration poll,
      Duration retry,
      Duration topicCheck) {

    private static final Duration COPY = Duration.ofMillis(100);

    /** Longer than who reads 10 MB/s takes for half of a hand-off of the default size. */
    private static final Duration HOLD = Duration.ofMillis(50);

    /** Short enough that a rebalance is noticed soon: it is only seen when a poll begins. */
    private static final Duration POLL = Duration.ofMillis(250);

    private static final Duration RETRY = Duration.ofMillis(200);

    static Bounds of(KafkaSettings settings) {
      return new Bounds(
          settings.handOffBytes(),
          COPY,
          HOLD,
          settings.revokeTimeout(),
          settings.closeTimeout(),
          POLL,
          RETRY,
          settings.topicAge());
    }
  }

  /** What a loop works with. */
  record Parts(
      Consumer<ByteBuffer, ByteBuffer> consumer,
      LogRanges logRanges,
      SubscriptionListener listener,
      LongSupplier clockNs) {}

  /**
   * What a loop is to do.
   *
   * @param skipsUnreadable whether records that cannot be read are passed over
   */
  record Order(SubscriptionRequest request, FirstLook firstLook, boolean skipsUnreadable) {}

  private final Consumer<ByteBuffer, ByteBuffer> consumer;
  private final LongSupplier clockNs;
  private final SubscriptionRequest request;
  private final Bounds bounds;
  private final LoopTasks tasks;
  private final AssignedPartitions partitions;
  private final UnreadableRecords unreadable;

  // Any thread.
  private volatile boolean isClosing;

  // Poll thread only.
  private boolean isPollFailing;

  PollLoop(Parts parts, Order order, Bounds bounds) {
    this.consumer = parts.consumer();
    this.clockNs = parts.clockNs();
    this.request = order.request();
    this.bounds = bounds;
    this.tasks = new LoopTasks(clockNs, consumer::wakeup);
    var listener = parts.listener();
    var starts = new StartPositions(request, order.firstLook(), parts.logRanges(), listener);
    this.partitions = new AssignedPartitions(consumer, starts, listener, tasks, bounds);
    this.unreadable =
        new UnreadableRecords(consumer, partitions, listener, order.skipsUnreadable());
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
    tasks.postDelayed(bounds.topicCheck().toNanos(), partitions::checkTopic);
  }

  void runOnce() {
    tasks.runDue();
    if (isClosing) {
      // Told after the round began, by a wake-up that this round has used up.
      return;
    }
    partitions.applySeeks();
    long nowNs = clockNs.getAsLong();
    partitions.copyLeftOvers(nowNs);
    long heldNs = partitions.applyPauses(nowNs);
    long pollNs = bounds.poll().toNanos();
    long longestNs = tasks.beginPoll(heldNs == 0 ? pollNs : Math.min(pollNs, heldNs));
    try {
      var records = consumer.poll(Duration.ofNanos(longestNs));
      isPollFailing = false;
      offer(records);
    } catch (WakeupException woken) {
      // Somebody left something to do: the next round does it.
    } catch (OffsetOutOfRangeException outOfRange) {
      partitions.onOutOfRange(outOfRange);
    } catch (AuthenticationException | AuthorizationException refused) {
      throw refused;
    } catch (KafkaException failure) {
      if (UnreadableRecords.mayBe(failure)) {
        unreadable.deal(failure, this::offer);
      } else if (failure instanceof RetriableException) {
        warnOnce(failure);
      } else {
        throw failure;
      }
    } finally {
      tasks.endPoll();
    }
  }

  void leave() {
    partitions.end(
        new StorageException(StorageException.Kind.CLOSED, "the subscription was closed"));
    consumer.close(CloseOptions.timeout(bounds.close()));
  }

  private void offer(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
    long nowNs = clockNs.getAsLong();
    for (var id : records.partitions()) {
      partitions.offer(id, records.records(id), nowNs);
    }
  }

  private void warnOnce(KafkaException passing) {
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
