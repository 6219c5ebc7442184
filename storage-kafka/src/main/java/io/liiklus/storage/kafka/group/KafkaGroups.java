package io.liiklus.storage.kafka.group;

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
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Kafka's consumer groups, and what their members share. Thread-safe. */
public final class KafkaGroups implements AutoCloseable {

  private static final Duration RETRY = Duration.ofMillis(200);

  private final KafkaSettings settings;
  private final KafkaTopics topics;
  private final SharedReading reading;
  private final StandingFaults faults;
  private final MemberScheduler scheduler;
  private final AtomicLong opened = new AtomicLong();

  public KafkaGroups(
      KafkaSettings settings, KafkaTopics topics, SharedReading reading, StandingFaults faults) {
    this.settings = settings;
    this.topics = topics;
    this.reading = reading;
    this.faults = faults;
    this.scheduler = new MemberScheduler(settings.memberThreads());
  }

  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return KafkaSubscription.start(this, request, listener, opened.getAndIncrement());
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

  @Override
  public void close() {
    scheduler.close();
  }
}
