package io.liiklus.storage.kafka.group;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.group.AssignedPartitions;
import io.liiklus.storage.group.GroupSettings;
import io.liiklus.storage.group.MemberScheduler;
import io.liiklus.storage.group.StartOffsets;
import io.liiklus.storage.group.StartOffsets.FirstLook;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.client.KafkaTopics;
import io.liiklus.storage.read.CommandQueue;
import io.liiklus.storage.read.SharedReading;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka's consumer groups, and what their members share. Thread-safe. */
public final class KafkaGroups implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(KafkaGroups.class);

  private static final Duration RETRY = Duration.ofMillis(200);

  /** How long a subscription may wait for its turn to leave, which is then bounded by itself. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final KafkaSettings settings;
  private final KafkaTopics topics;
  private final SharedReading reading;
  private final StandingFaults faults;
  private final MemberScheduler scheduler;
  private final AtomicLong opened = new AtomicLong();

  /** Those that are not closed yet. */
  private final Set<Subscription> subscriptions = ConcurrentHashMap.newKeySet();

  private volatile boolean isClosed;

  public KafkaGroups(
      KafkaSettings settings, KafkaTopics topics, SharedReading reading, StandingFaults faults) {
    this.settings = settings;
    this.topics = topics;
    this.reading = reading;
    this.faults = faults;
    this.scheduler = new MemberScheduler(settings.memberThreads());
  }

  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    if (isClosed) {
      throw new StorageException(Kind.CLOSED, "the records storage is closed");
    }
    var subscription = KafkaSubscription.start(this, request, listener, opened.getAndIncrement());
    subscriptions.add(subscription);
    // It may have come too late for the one who closes all.
    var closed = isClosed ? subscription.close() : subscription.closed();
    var unused = closed.thenRun(() -> subscriptions.remove(subscription));
    return subscription;
  }

  /** Closes all subscriptions: a member that does not leave keeps its partitions from others. */
  private void leaveAll() {
    var closed =
        subscriptions.stream()
            .map(subscription -> subscription.close().toCompletableFuture())
            .toList();
    var longest = settings.closeTimeout().plus(TURN);
    var unused =
        CompletableFuture.allOf(closed.toArray(CompletableFuture[]::new))
            .handle((all, failure) -> true)
            .completeOnTimeout(false, longest.toMillis(), TimeUnit.MILLISECONDS)
            .join();
    long open = closed.stream().filter(one -> !one.isDone()).count();
    if (open > 0) {
      log.warn("subscriptions were not closed in time, subscriptions={}", open);
    }
  }

  /** Connects to nothing yet. */
  Consumer<ByteBuffer, ByteBuffer> consumer(String groupName, String clientId, Runnable onJoin) {
    return new KafkaConsumer<>(settings.clients().member(groupName, clientId, onJoin));
  }

  GroupMembership membership(
      Consumer<?, ?> consumer,
      SubscriptionRequest request,
      FirstLook firstLook,
      SubscriptionListener listener,
      CommandQueue commands) {
    var partitions =
        new AssignedPartitions(
            new StartOffsets(request, firstLook, listener),
            topics,
            reading,
            commands,
            new GroupSettings(RETRY, settings.topicAge(), settings.skipsUnreadable()));
    var member =
        new GroupMembership(consumer, request, partitions, scheduler::await, faults, settings);
    if (settings.mirrorsCommits()) {
      var mirror = new CommitMirror(consumer, request, listener, commands, this, member);
      member.callBackThrough(mirror);
      mirror.start();
    }
    return member;
  }

  KafkaSettings settings() {
    return settings;
  }

  KafkaTopics topics() {
    return topics;
  }

  StandingFaults faults() {
    return faults;
  }

  MemberScheduler scheduler() {
    return scheduler;
  }

  /** Runs tasks on the members' threads, beside their turns. */
  public Executor executor() {
    return scheduler;
  }

  @Override
  public void close() {
    isClosed = true;
    leaveAll();
    scheduler.close();
  }
}
