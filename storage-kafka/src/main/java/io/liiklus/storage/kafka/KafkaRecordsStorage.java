package io.liiklus.storage.kafka;

import io.liiklus.api.Metric;
import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
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
  private final KafkaPublisher publisher;
  private final StandingFaults faults;
  private final MemberScheduler members;
  private final TailCaches caches;
  private final CatchUpThrottle pace;
  private final CatchUpReaderPool catchUpReaders;
  private final KafkaSubscription.Sharing sharing;
  private final AtomicLong opened = new AtomicLong();

  private KafkaRecordsStorage(
      KafkaSettings settings,
      Admin admin,
      KafkaTopics topics,
      KafkaPublisher publisher,
      StandingFaults faults,
      Supplier<CatchUpThrottle.Load> loads) {
    this.settings = settings;
    this.admin = admin;
    this.topics = topics;
    this.publisher = publisher;
    this.faults = faults;
    this.members = new MemberScheduler(settings.memberThreads());
    var clients = settings.clients();
    var tailBounds = TailReader.Bounds.of(settings);
    this.caches =
        new TailCaches(
            settings.tailReaders(),
            () -> new KafkaConsumer<>(clients.tailReader()),
            tailBounds,
            System::nanoTime,
            faults);
    this.pace =
        new CatchUpThrottle(
            CatchUpThrottle.Bounds.of(
                settings.catchUpWaitPercent() / 100.0, Runtime.getRuntime().availableProcessors()),
            loads,
            caches::isServed,
            System::nanoTime);
    this.catchUpReaders =
        new CatchUpReaderPool(
            catchUpConsumers(clients),
            CatchUpReaderPool.Bounds.of(settings),
            System::nanoTime,
            pace,
            faults,
            CatchUpReaderPool::startThread);
    var sources = new PartitionFetcher.Sources(caches, catchUpReaders);
    var limits =
        new PrefetchingReader.Limits(settings.prefetchBytes(), tailBounds.copy().toNanos());
    AssignedPartitions.Fetchers fetchers =
        (origin, owner, range) -> new PartitionFetcher(origin, limits, sources, owner, range);
    this.sharing =
        new KafkaSubscription.Sharing(
            settings,
            topics,
            members,
            new GroupMembership.Sharing(
                topics, fetchers, members, GroupMembership.Bounds.of(settings), faults));
    caches.start();
  }

  /**
   * @param loads see {@link CatchUpThrottle}
   */
  static KafkaRecordsStorage open(KafkaSettings settings, Supplier<CatchUpThrottle.Load> loads) {
    var admin = openAdmin(settings.clients());
    try {
      var topics = new KafkaTopics(admin, settings.clients());
      var faults = new StandingFaults(System::nanoTime);
      var publisher = KafkaPublisher.open(settings, topics, faults);
      return new KafkaRecordsStorage(settings, admin, topics, publisher, faults, loads);
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

  private static CatchUpReaderPool.Consumers catchUpConsumers(KafkaClientConfigs clients) {
    return new CatchUpReaderPool.Consumers() {
      @Override
      public Consumer<ByteBuffer, ByteBuffer> open(boolean isPaced) {
        return new KafkaConsumer<>(clients.catchUpReader(isPaced));
      }

      @Override
      public Consumer<ByteBuffer, ByteBuffer> openForSingleRecords() {
        return new KafkaConsumer<>(clients.singleRecordReader());
      }
    };
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    return publisher.publish(record, patience);
  }

  @Override
  public void onRoom(Runnable listener) {
    publisher.onRoom(listener);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return KafkaSubscription.start(sharing, request, listener, opened.getAndIncrement());
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
    return topics.visibleRanges(topic);
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
  public List<Metric> measures() {
    return List.of(
        new Metric(
            "kafka_tail_caches",
            "Partitions with a tail cache, which are read at their end.",
            caches::count),
        new Metric("kafka_tail_cache_bytes", "Bytes of records in tail caches.", caches::bytes),
        new Metric(
            "kafka_tail_cache_records_total",
            "Records that groups took from tail caches; of one record, once for each group.",
            caches::taken),
        new Metric(
            "kafka_fetched_records_total",
            "Records that were fetched, for all groups or for one.",
            () -> caches.fetched() + catchUpReaders.fetched()),
        new Metric(
            "kafka_tail_cache_moves_total",
            "Moves of a partition of a group into its tail cache.",
            caches::moves),
        new Metric(
            "kafka_catch_up_readers",
            "Partitions that are read for groups that are behind, right now.",
            catchUpReaders::inUse),
        new Metric(
            "kafka_catch_up_waiting",
            "Partitions of groups that are behind and wait for a reader.",
            catchUpReaders::waiting),
        new Metric(
            "kafka_catch_up_limit_bytes",
            "The pace that is wanted of fetching for groups that are behind, in bytes of records a"
                + " second; 0: as they take them.",
            this::catchUpLimit));
  }

  private long catchUpLimit() {
    long limit = pace.limit();
    return limit == CatchUpThrottle.NO_LIMIT ? 0 : limit;
  }

  @Override
  public void close() {
    publisher.close();
    catchUpReaders.close();
    caches.close();
    members.close();
    admin.close(settings.closeTimeout());
  }
}
