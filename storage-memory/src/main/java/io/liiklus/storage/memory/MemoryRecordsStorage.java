package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Records that last as long as the process. The first publish to a topic creates it. Every call
 * answers before it returns, but for reads that wait for a record. Thread-safe.
 */
final class MemoryRecordsStorage implements RecordsStorage {

  private final MemorySettings settings;
  private final MemoryThread thread = new MemoryThread();
  private final MemoryTopics topics;
  private final MemoryGroups groups;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  MemoryRecordsStorage(MemorySettings settings) {
    this.settings = settings;
    this.topics = new MemoryTopics(settings, this::onTopicGrown);
    this.groups = new MemoryGroups(thread, topics, settings.revokeTimeout());
  }

  private void onTopicGrown(String topic) {
    thread.post(() -> groups.onTopicGrown(topic));
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    return answer(() -> append(record));
  }

  private PublishedRecord append(RecordToPublish record) {
    var stored = MemoryRecord.of(record, System.currentTimeMillis());
    if (stored.bytes() > settings.maxRecordBytes()) {
      throw new StorageException(
          Kind.BAD_RECORD,
          "the record has "
              + stored.bytes()
              + " bytes, at most "
              + settings.maxRecordBytes()
              + " are allowed (memory.maxRecordBytes)");
    }
    return topics.findOrCreate(record.topic()).append(stored);
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return groups.subscribe(request, listener);
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
    return answer(
        () -> {
          var found = topics.find(topic);
          return found == null ? Map.of() : found.ranges();
        });
  }

  @Override
  public long maxRecordBytes() {
    return settings.maxRecordBytes();
  }

  @Override
  public CompletionStage<Void> check() {
    return answer(() -> null);
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      thread.close(groups::abandon);
    }
  }

  private <T> CompletionStage<T> answer(Supplier<T> deed) {
    if (isClosed.get()) {
      return CompletableFuture.failedStage(
          new StorageException(Kind.CLOSED, "the records storage is closed"));
    }
    try {
      return CompletableFuture.completedStage(deed.get());
    } catch (StorageException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Creates a topic with another number of partitions than the settings', or adds to them. */
  void growTo(String topic, int partitions) {
    topics.growTo(topic, partitions);
  }

  /** Ends a partition for good; records of its keys go to another one from now on. */
  void endPartition(String topic, int partition) {
    topics.find(topic).log(partition).end();
  }

  /** Lets the log of a partition begin at this offset. */
  void deleteBefore(String topic, int partition, long offset) {
    topics.find(topic).log(partition).deleteBefore(offset);
  }
}
