package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Subscription;
import io.liiklus.api.SubscriptionListener;
import io.liiklus.api.SubscriptionRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** A storage in memory, with what tests do to its topics. Thread-safe. */
final class MemoryGateway implements RecordsStorage {

  private final MemoryLogs logs;
  private final RecordsStorage storage;

  MemoryGateway(MemorySettings settings) {
    this.logs = new MemoryLogs(settings);
    this.storage = settings.start(logs);
  }

  /** Creates a topic with another number of partitions than the settings', or adds to them. */
  void growTo(String topic, int partitions) {
    logs.all().growTo(topic, partitions);
  }

  /** Ends a partition for good; records of its keys go to another one from now on. */
  void endPartition(String topic, int partition) {
    logs.all().find(topic).log(partition).end();
  }

  /** Lets the log of a partition begin at this offset. */
  void deleteBefore(String topic, int partition, long offset) {
    logs.all().find(topic).log(partition).deleteBefore(offset);
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    return storage.publish(record, patience);
  }

  @Override
  public CompletionStage<Void> createTopic(String topic, int partitions) {
    return storage.createTopic(topic, partitions);
  }

  @Override
  public CompletionStage<Set<String>> topics() {
    return storage.topics();
  }

  @Override
  public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
    return storage.subscribe(request, listener);
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
    return storage.endOffsets(topic);
  }

  @Override
  public long maxRecordBytes() {
    return storage.maxRecordBytes();
  }

  @Override
  public CompletionStage<Void> check() {
    return storage.check();
  }

  @Override
  public void close() {
    storage.close();
  }
}
