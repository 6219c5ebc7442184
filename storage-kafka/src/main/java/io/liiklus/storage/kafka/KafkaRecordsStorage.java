package io.liiklus.storage.kafka;

import io.liiklus.api.GroupId;
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
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.client.AdminClients;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.client.KafkaTopics;
import io.liiklus.storage.kafka.client.SharedLookups;
import io.liiklus.storage.kafka.group.CommittedOffsets;
import io.liiklus.storage.kafka.group.KafkaGroups;
import io.liiklus.storage.kafka.publish.KafkaPublisher;
import io.liiklus.storage.kafka.read.KafkaLogReaders;
import io.liiklus.storage.read.CpuTargetThrottle;
import io.liiklus.storage.read.SharedReading;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records in Kafka: one producer and one Admin client for all, a consumer in its group for each
 * subscription, and a few that read for all of them. Thread-safe.
 */
final class KafkaRecordsStorage implements RecordsStorage {

  private static final Logger log = LoggerFactory.getLogger(KafkaRecordsStorage.class);

  private final KafkaSettings settings;

  /** What was opened, the last one first. */
  private final Deque<Runnable> closings;

  private final KafkaTopics topics;
  private final SharedLookups<Map<Integer, OffsetRange>> endOffsets;
  private final KafkaPublisher publisher;
  private final StandingFaults faults;
  private final SharedReading reading;
  private final KafkaGroups groups;
  private final CommittedOffsets committed;

  private KafkaRecordsStorage(
      KafkaSettings settings, Supplier<CpuTargetThrottle.Load> loads, Deque<Runnable> closings) {
    this.settings = settings;
    this.closings = closings;
    var admin = AdminClients.open(settings.clients().admin());
    closings.push(() -> admin.close(settings.closeTimeout()));
    this.topics = new KafkaTopics(admin, settings.clients());
    this.endOffsets = new SharedLookups<>(topics::visibleRanges);
    this.faults = new StandingFaults(System::nanoTime);
    this.publisher = new KafkaPublisher(settings, topics, faults);
    closings.push(publisher::close);
    this.reading =
        SharedReading.start(
            settings.reading(),
            new KafkaLogReaders(settings.clients(), faults, settings.closeTimeout()),
            loads);
    closings.push(reading::close);
    this.groups = new KafkaGroups(settings, topics, reading, faults);
    closings.push(groups::close);
    this.committed = new CommittedOffsets(admin, groups.executor());
  }

  /**
   * Opens all, or nothing.
   *
   * @param loads see {@link CpuTargetThrottle}
   */
  static KafkaRecordsStorage open(KafkaSettings settings, Supplier<CpuTargetThrottle.Load> loads) {
    var closings = new ArrayDeque<Runnable>();
    try {
      return new KafkaRecordsStorage(settings, loads, closings);
    } catch (RuntimeException | Error failure) {
      closeAll(closings);
      throw failure;
    }
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    if (record.topic().equals(settings.positionsTopic())) {
      return CompletableFuture.failedStage(
          StorageException.notStored(
              Kind.BAD_RECORD,
              "topic: %s holds the positions of all groups (kafka.positions.topic), only gateways"
                      .formatted(record.topic())
                  + " write to it"));
    }
    return publisher.publish(record, patience);
  }

  @Override
  public CompletionStage<Void> createTopic(String topic, int partitions) {
    return topics.create(topic, partitions);
  }

  @Override
  public CompletionStage<Set<String>> topics() {
    return topics
        .names()
        .thenApply(
            names -> {
              var others = new HashSet<>(names);
              others.removeAll(reservedTopics());
              return others;
            });
  }

  /** Also where this gateway's positions are elsewhere: those of others may be there. */
  @Override
  public Set<String> reservedTopics() {
    return Set.of(settings.positionsTopic());
  }

  @Override
  public void onRoom(Runnable listener) {
    publisher.onRoom(listener);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return groups.subscribe(request, listener);
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
    return endOffsets.look(topic);
  }

  @Override
  public CompletionStage<Map<Integer, Long>> committedOffsets(String topic, GroupId group) {
    return settings.startsAtCommitted()
        ? committed.find(topic, group)
        : CompletableFuture.completedStage(Map.of());
  }

  @Override
  public Duration revokeTimeout() {
    return settings.revokeTimeout();
  }

  @Override
  public long maxRecordBytes() {
    return settings.clients().maxRequestSize();
  }

  @Override
  public CompletionStage<Void> check() {
    return topics.check().thenCompose(answered -> faults.check());
  }

  @Override
  public List<Metric> metrics() {
    return reading.metrics("kafka");
  }

  @Override
  public void close() {
    closeAll(closings);
  }

  /** Members leave their groups first, while what they need is there. */
  private static void closeAll(Deque<Runnable> closings) {
    while (!closings.isEmpty()) {
      try {
        closings.pop().run();
      } catch (RuntimeException failure) {
        log.error("a part of the records storage could not be closed", failure);
      }
    }
  }
}
