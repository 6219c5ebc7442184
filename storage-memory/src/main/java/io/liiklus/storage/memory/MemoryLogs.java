package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.group.LogPartition;
import io.liiklus.storage.group.RecordLogs;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.LogReader;
import io.liiklus.storage.read.StoredRecord;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that last as long as the process. The first publish to a topic creates it. Every call
 * answers before it returns. Thread-safe.
 */
final class MemoryLogs implements RecordLogs {

  private static final Logger log = LoggerFactory.getLogger(MemoryLogs.class);

  private final MemorySettings settings;
  private final MemoryTopics topics;
  private final List<Consumer<String>> topicListeners = new CopyOnWriteArrayList<>();

  MemoryLogs(MemorySettings settings) {
    this.settings = settings;
    this.topics = new MemoryTopics(settings, this::onChanged);
  }

  @Override
  public String name() {
    return "memory";
  }

  MemoryTopics all() {
    return topics;
  }

  @Override
  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    try {
      return CompletableFuture.completedStage(append(record));
    } catch (StorageException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private PublishedRecord append(RecordToPublish record) {
    long timestamp = record.timestamp().orElse(System.currentTimeMillis());
    var stored =
        StoredRecord.of(Offsets.UNKNOWN, timestamp, record.key(), record.value(), record.headers());
    if (stored.bytes() > settings.maxRecordBytes()) {
      throw new StorageException(
          Kind.BAD_RECORD,
          "the record has "
              + stored.bytes()
              + " bytes, at most "
              + settings.maxRecordBytes()
              + " are allowed (memory.maxRecordBytes)");
    }
    var topic = topics.findOrCreate(record.topic());
    return record.partition().isPresent()
        ? topic.append(stored, record.partition().getAsInt())
        : topic.append(stored);
  }

  @Override
  public boolean isGapless() {
    return true;
  }

  @Override
  public CompletionStage<Void> createTopic(String topic, int partitions) {
    try {
      if (topics.find(topic) == null) {
        topics.growTo(topic, partitions);
      }
      return CompletableFuture.completedStage(null);
    } catch (StorageException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  @Override
  public CompletionStage<Set<String>> topics() {
    return CompletableFuture.completedStage(topics.names());
  }

  @Override
  public CompletionStage<List<LogPartition>> partitions(String topic) {
    return CompletableFuture.completedStage(
        IntStream.range(0, topics.partitions(topic))
            .mapToObj(partition -> new LogPartition(partition, Set.of()))
            .toList());
  }

  @Override
  public void onTopicChanged(Consumer<String> listener) {
    topicListeners.add(listener);
  }

  private void onChanged(String topic) {
    topicListeners.forEach(listener -> listener.accept(topic));
  }

  @Override
  public CompletionStage<Map<Integer, OffsetRange>> ranges(String topic, Set<Integer> partitions) {
    var found = topics.find(topic);
    var ranges = found == null ? Map.<Integer, OffsetRange>of() : found.ranges();
    var wanted = new HashMap<>(ranges);
    wanted.keySet().retainAll(partitions);
    return CompletableFuture.completedStage(wanted);
  }

  private MemoryLog find(LogId id) {
    return topics.find(id.topic()).log(id.partition());
  }

  @Override
  public LogReader openAtTail() {
    return new MemoryLogReader(this::find, true);
  }

  @Override
  public LogReader openBehind() {
    return new MemoryLogReader(this::find, false);
  }

  @Override
  public void onFault(Throwable fault) {
    log.error("reading in memory failed by a fault of the gateway", fault);
  }

  @Override
  public long maxRecordBytes() {
    return settings.maxRecordBytes();
  }

  @Override
  public CompletionStage<Void> check() {
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void close() {
    // The records go with the storage.
  }
}
