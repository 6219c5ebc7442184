package io.liiklus.storage.kafka.group;

import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.client.KafkaTopics;
import io.liiklus.storage.kafka.client.StandingFaults;
import io.liiklus.storage.read.SharedReading;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Kafka's consumer groups, and what their members share. Thread-safe. */
public final class KafkaGroups implements AutoCloseable {

  private static final Duration RETRY = Duration.ofMillis(200);

  private final KafkaSettings settings;
  private final KafkaTopics topics;
  private final MemberScheduler scheduler;
  private final MemberContext context;
  private final AtomicLong opened = new AtomicLong();

  public KafkaGroups(
      KafkaSettings settings, KafkaTopics topics, SharedReading reading, StandingFaults faults) {
    this.settings = settings;
    this.topics = topics;
    this.scheduler = new MemberScheduler(settings.memberThreads());
    this.context = new MemberContext(settings, topics, reading, scheduler, faults, RETRY);
  }

  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return KafkaSubscription.start(this, request, listener, opened.getAndIncrement());
  }

  KafkaSettings settings() {
    return settings;
  }

  KafkaTopics topics() {
    return topics;
  }

  MemberContext context() {
    return context;
  }

  MemberScheduler scheduler() {
    return scheduler;
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
