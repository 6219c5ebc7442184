package io.liiklus.storage.group;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.Metric;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.read.Commands;
import io.liiklus.storage.read.CpuTargetThrottle;
import io.liiklus.storage.read.ReadSettings;
import io.liiklus.storage.read.SharedReading;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records storage made of {@link RecordLogs} that know no groups: those are coordinated over a
 * {@link CoordinationStore}, and all groups of this process share what is read. Thread-safe.
 */
public final class GroupedRecordsStorage implements RecordsStorage {

  private static final Logger log = LoggerFactory.getLogger(GroupedRecordsStorage.class);

  private final RecordLogs logs;
  private final GroupSettings settings;
  private final CoordinationSettings times;
  private final SharedLogRanges ranges;
  private final SharedReading reading;
  private final GroupLoop loop = new GroupLoop();
  private final GroupCoordinator coordinator;
  private final TopicWatch watch;
  private final Set<GroupedSubscription> subscriptions = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private GroupedRecordsStorage(
      RecordLogs logs,
      CoordinationStore store,
      ReadSettings readSettings,
      CoordinationSettings times,
      GroupSettings settings) {
    this.logs = logs;
    this.settings = settings;
    this.times = times;
    this.ranges = new SharedLogRanges(logs);
    this.reading = SharedReading.start(readSettings, logs, CpuTargetThrottle.Load::now);
    this.coordinator =
        new GroupCoordinator(
            store,
            times,
            loop,
            System::nanoTime,
            new Random(new SecureRandom().nextLong()),
            this::onReadable);
    this.watch = new TopicWatch(logs, coordinator);
  }

  /**
   * Starts the threads. The logs and what they hold belong to the storage from here on.
   *
   * @param store that all gateways share which share the logs
   */
  public static GroupedRecordsStorage start(
      RecordLogs logs,
      CoordinationStore store,
      ReadSettings readSettings,
      CoordinationSettings times,
      GroupSettings settings) {
    var storage = new GroupedRecordsStorage(logs, store, readSettings, times, settings);
    storage.reading.readOnlyIf(storage.coordinator::isReadable);
    storage.loop.post(storage.coordinator::start);
    logs.onTopicChanged(topic -> storage.loop.post(() -> storage.watch.onChanged(topic)));
    storage.loop.start();
    return storage;
  }

  private void onReadable() {
    subscriptions.forEach(GroupedSubscription::readOn);
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    return isClosed.get() ? closed() : logs.publish(record, patience);
  }

  @Override
  public CompletionStage<Void> createTopic(String topic, int partitions) {
    return isClosed.get() ? closed() : logs.createTopic(topic, partitions);
  }

  @Override
  public CompletionStage<Set<String>> topics() {
    return isClosed.get() ? closed() : logs.topics();
  }

  @Override
  public boolean isGapless() {
    return logs.isGapless();
  }

  @Override
  public void onRoom(Runnable listener) {
    logs.onRoom(listener);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    var subscription = new GroupedSubscription(this, request, new CanonicalOffsets(logs, listener));
    subscriptions.add(subscription);
    if (isClosed.get()) {
      subscriptions.remove(subscription);
      throw failure();
    }
    loop.post(subscription::begin);
    return subscription;
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
    if (isClosed.get()) {
      return closed();
    }
    return logs.partitions(topic)
        .thenCompose(
            found ->
                found.isEmpty()
                    ? CompletableFuture.completedStage(Map.of())
                    : logs.ranges(
                        topic, found.stream().map(LogPartition::id).collect(Collectors.toSet())));
  }

  @Override
  public Duration revokeTimeout() {
    return times.revokeTimeout();
  }

  @Override
  public long maxRecordBytes() {
    return logs.maxRecordBytes();
  }

  @Override
  public CompletionStage<Void> check() {
    return isClosed.get() ? closed() : logs.check();
  }

  @Override
  public List<Metric> metrics() {
    var all = new ArrayList<>(reading.metrics(logs.name()));
    all.addAll(logs.metrics());
    return all;
  }

  private static <T> CompletionStage<T> closed() {
    return CompletableFuture.failedStage(failure());
  }

  private static StorageException failure() {
    return new StorageException(Kind.CLOSED, "the records storage is closed");
  }

  @Override
  public void close() {
    if (!isClosed.compareAndSet(false, true)) {
      return;
    }
    var left = new CountDownLatch(1);
    loop.post(
        () -> {
          subscriptions.forEach(GroupedSubscription::onClose);
          coordinator.close(left::countDown);
        });
    try {
      if (!left.await(closeTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("groups were not left in time, others wait for them, timeout={}", closeTimeout());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loop.close(times.callTimeout());
    subscriptions.forEach(GroupedSubscription::abandon);
    reading.close();
    logs.close();
  }

  /** The longest time to leave a group: for its acks, and for a few calls of the store. */
  Duration closeTimeout() {
    return times.revokeTimeout().plus(times.callTimeout());
  }

  void remove(GroupedSubscription subscription) {
    subscriptions.remove(subscription);
  }

  Commands commands() {
    return loop;
  }

  GroupCoordinator coordinator() {
    return coordinator;
  }

  TopicWatch watch() {
    return watch;
  }

  SharedLogRanges ranges() {
    return ranges;
  }

  SharedReading reading() {
    return reading;
  }

  GroupSettings settings() {
    return settings;
  }

  /** As {@link RecordLogs#isCountable}. */
  boolean areCountable() {
    return logs.isCountable();
  }
}
