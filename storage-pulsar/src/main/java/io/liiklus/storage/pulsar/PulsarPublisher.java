package io.liiklus.storage.pulsar;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.publish.PendingBytes;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.HashingScheme;
import org.apache.pulsar.client.api.Producer;

/**
 * Publishes without blocking its callers, by a producer for each topic; and one for each partition
 * that records name. Thread-safe.
 */
final class PulsarPublisher {

  private static final long TICK_MS = 50;
  private static final int SEND_TIMEOUT_SECONDS = 30;
  private static final int BATCH_DELAY_MS = 1;

  /** Memory of a record beside its contents. */
  private static final long BYTES_OF_RECORD = 512;

  private final PulsarConnection pulsar;
  private final PulsarOffsets offsets;
  private final PulsarSettings settings;
  private final PendingBytes pending;
  private final Map<Target, TopicPublisher> topics = new ConcurrentHashMap<>();
  private volatile boolean isClosed;

  /**
   * Destination of records. Immutable.
   *
   * @param partition empty: the one of the key
   */
  record Target(String topic, OptionalInt partition) {}

  PulsarPublisher(PulsarConnection pulsar, PulsarOffsets offsets, ScheduledExecutorService timer) {
    this.pulsar = pulsar;
    this.offsets = offsets;
    this.settings = pulsar.settings();
    this.pending = new PendingBytes(settings.memoryLimit());
    var unused = timer.scheduleWithFixedDelay(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
  }

  CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    if (isClosed) {
      return CompletableFuture.failedStage(closed());
    }
    var properties = MessageCodec.properties(record.headers());
    long bytes = Math.max(record.bytes(), MessageCodec.bytes(record, properties));
    try {
      PulsarConnection.requireName(record.topic());
      requireSize(bytes);
    } catch (StorageException refused) {
      return CompletableFuture.failedStage(refused);
    }
    long reserved = bytes + BYTES_OF_RECORD;
    if (!pending.reserve(reserved)) {
      return CompletableFuture.failedStage(
          new StorageException(Kind.FULL, "pulsar.memoryLimit is reached"));
    }
    var publish = new PendingPublish(record, properties, patience);
    var unused = publish.whenComplete((answer, failure) -> pending.free(reserved));
    var target = new Target(record.topic(), record.partition());
    while (!topics.computeIfAbsent(target, this::topic).publish(publish)) {
      // That one was retired just now: the next is another.
      if (isClosed) {
        publish.failNotStored(closed());
        break;
      }
    }
    return publish;
  }

  private void requireSize(long bytes) {
    if (bytes > settings.maxRecordBytes()) {
      throw StorageException.notStored(
          Kind.BAD_RECORD,
          "the record has %d bytes, at most %d are allowed (pulsar.maxRecordBytes)"
              .formatted(bytes, settings.maxRecordBytes()));
    }
  }

  private TopicPublisher topic(Target target) {
    return new TopicPublisher(target, this);
  }

  /** A producer; fails where there is no such partition, or no such topic and none gets created. */
  CompletionStage<Producer<byte[]>> open(Target target) {
    return target.partition().isEmpty()
        ? create(pulsar.fullName(target.topic()))
        : pulsar.partition(target.topic(), target.partition().getAsInt()).thenCompose(this::create);
  }

  private CompletionStage<Producer<byte[]>> create(String fullName) {
    return pulsar
        .client()
        .newProducer()
        .topic(fullName)
        .hashingScheme(HashingScheme.Murmur3_32Hash)
        .enableBatching(settings.batches())
        .batchingMaxPublishDelay(BATCH_DELAY_MS, TimeUnit.MILLISECONDS)
        .batchingMaxMessages(PulsarOffsets.MAX_BATCH)
        .maxPendingMessages(0)
        .blockIfQueueFull(false)
        .sendTimeout(SEND_TIMEOUT_SECONDS, TimeUnit.SECONDS)
        .createAsync();
  }

  PulsarOffsets offsets() {
    return offsets;
  }

  StorageException failure(Throwable failure) {
    return pulsar.failure(failure);
  }

  private void tick() {
    pending.tick();
    long nowNs = System.nanoTime();
    topics.values().forEach(topic -> topic.tick(nowNs));
  }

  void remove(Target target, TopicPublisher retired) {
    topics.remove(target, retired);
  }

  void onRoom(Runnable listener) {
    pending.onRoom(listener);
  }

  long pendingBytes() {
    return pending.bytes();
  }

  static StorageException closed() {
    return StorageException.notStored(Kind.CLOSED, "the gateway is shutting down");
  }

  /** Fails what waits for a producer; sends what producers have, within a bound. */
  void close() {
    isClosed = true;
    var flushed =
        topics.values().stream().map(TopicPublisher::close).toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(flushed)
          .orTimeout(settings.operationTimeout().toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (RuntimeException late) {
      // Their callers are told by the client, which is closed next.
    }
  }
}
