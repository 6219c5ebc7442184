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
import io.liiklus.storage.kafka.client.KafkaClientConfigs;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;

/**
 * Records in Kafka: one producer and one Admin client for all, a consumer in its group for each
 * subscription, and a few that read for all of them. Thread-safe.
 */
final class KafkaRecordsStorage implements RecordsStorage {

  private final KafkaSettings settings;
  private final Admin admin;
  private final KafkaTopics topics;
  private final SharedLookups<Map<Integer, OffsetRange>> endOffsets;
  private final KafkaPublisher publisher;
  private final StandingFaults faults;
  private final SharedReading reading;
  private final KafkaGroups groups;
  private final CommittedOffsets committed;

  private KafkaRecordsStorage(
      KafkaSettings settings, Admin admin, Supplier<CpuTargetThrottle.Load> loads) {
    this.settings = settings;
    this.admin = admin;
    this.topics = new KafkaTopics(admin, settings.clients());
    this.endOffsets = new SharedLookups<>(topics::visibleRanges);
    this.faults = new StandingFaults(System::nanoTime);
    this.publisher = new KafkaPublisher(settings, topics, faults);
    this.reading =
        SharedReading.start(
            settings.reading(),
            new KafkaLogReaders(settings.clients(), faults, settings.closeTimeout()),
            loads);
    this.groups = new KafkaGroups(settings, topics, reading, faults);
    this.committed = new CommittedOffsets(admin);
  }

  /**
   * @param loads see {@link CpuTargetThrottle}
   */
  static KafkaRecordsStorage open(KafkaSettings settings, Supplier<CpuTargetThrottle.Load> loads) {
    var admin = openAdmin(settings.clients());
    try {
      return new KafkaRecordsStorage(settings, admin, loads);
    } catch (RuntimeException failure) {
      admin.close(Duration.ZERO);
      throw failure;
    }
  }

  /** The first client: what it cannot start with, the others cannot either. */
  private static Admin openAdmin(KafkaClientConfigs clients) {
    try {
      return Admin.create(clients.admin());
    } catch (KafkaException failure) {
      if (failure.getCause() instanceof ConfigException reason
          && String.valueOf(reason.getMessage()).startsWith("No resolvable bootstrap")) {
        throw new IllegalArgumentException(
            "kafka.bootstrapServers: no host can be found of " + clients.bootstrapServers(),
            failure);
      }
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
    publisher.close();
    reading.close();
    groups.close();
    admin.close(settings.closeTimeout());
  }
}
