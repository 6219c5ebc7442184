package io.liiklus.storage.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Kafka's own consumer for tests, in no group, which reads logs as a consumer reads a broker's:
 * from where it stands, one record of each partition at a time. Confined to the test's thread.
 */
final class LogConsumer extends MockConsumer<ByteBuffer, ByteBuffer> {

  /** What the brokers hold of one partition. */
  static final class Log {
    long start;
    final TreeMap<Long, ConsumerRecord<ByteBuffer, ByteBuffer>> records = new TreeMap<>();

    /** A record here cannot be read; -1: all can be. */
    long unreadable = -1;

    long end;

    /** From here to there is nothing that readers see, as after an aborted transaction. */
    final Map<Long, Long> hidden = new HashMap<>();
  }

  private final Map<TopicPartition, Log> logs;
  private final Map<TopicPartition, Long> positions = new HashMap<>();

  /** What the next polls fail with. */
  final Queue<RuntimeException> failures;

  private boolean isWoken;

  LogConsumer(Map<TopicPartition, Log> logs, Queue<RuntimeException> failures) {
    super("none");
    this.logs = logs;
    this.failures = failures;
  }

  @Override
  public synchronized void assign(Collection<TopicPartition> partitions) {
    super.assign(partitions);
    positions.keySet().retainAll(partitions);
  }

  @Override
  public synchronized void unsubscribe() {
    super.unsubscribe();
    positions.clear();
  }

  @Override
  public synchronized void seek(TopicPartition partition, long offset) {
    positions.put(partition, offset);
  }

  @Override
  public synchronized long position(TopicPartition partition) {
    return positions.get(partition);
  }

  @Override
  public synchronized OptionalLong currentLag(TopicPartition partition) {
    return OptionalLong.of(Math.max(0, logs.get(partition).end - position(partition)));
  }

  @Override
  public synchronized void wakeup() {
    isWoken = true;
  }

  @Override
  public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    if (isWoken) {
      isWoken = false;
      throw new WakeupException();
    }
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
    var polled = new HashMap<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>>();
    var next = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var id : List.copyOf(positions.keySet())) {
      var found = read(id, logs.get(id));
      if (found != null) {
        polled.put(id, List.of(found));
        next.put(id, new OffsetAndMetadata(found.offset() + 1));
      }
    }
    return new ConsumerRecords<>(polled, next);
  }

  private ConsumerRecord<ByteBuffer, ByteBuffer> read(TopicPartition id, Log log) {
    long position = positions.get(id);
    if (position < log.start || position > log.end) {
      throw new OffsetOutOfRangeException(Map.of(id, position));
    }
    if (log.hidden.containsKey(position)) {
      positions.put(id, log.hidden.get(position));
      return null;
    }
    var found = log.records.ceilingEntry(position);
    if (log.unreadable >= position && (found == null || log.unreadable < found.getKey())) {
      positions.put(id, log.unreadable);
      throw new KafkaException("a record is invalid", new CorruptRecordException("crc"));
    }
    // Behind the last record there may be markers, which a consumer passes over.
    positions.put(id, found == null ? log.end : found.getKey() + 1);
    return found == null ? null : found.getValue();
  }
}
