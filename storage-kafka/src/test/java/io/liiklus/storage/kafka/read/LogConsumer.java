package io.liiklus.storage.kafka.read;

import io.liiklus.storage.read.FetchPosition;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Kafka's own consumer for tests, in no group, which reads logs as a consumer reads a broker's:
 * from where it stands, one record of each partition at a time. Confined to the test's thread.
 */
public final class LogConsumer extends MockConsumer<ByteBuffer, ByteBuffer> {

  /** What the brokers hold of one partition. */
  public static final class Log {
    public long start;
    public final TreeMap<Long, ConsumerRecord<ByteBuffer, ByteBuffer>> records = new TreeMap<>();

    /** A record here cannot be read; -1: all can be. */
    public long unreadable = -1;

    public long end;

    /** Of the leader of now. */
    public int epoch;

    /** By epoch: where the log of the leaders up to it parts from what it is now. */
    private final TreeMap<Integer, Long> ends = new TreeMap<>();

    /** A leader comes that has nothing from here on. */
    public void cut(long at) {
      ends.put(epoch, at);
      ends.replaceAll((of, before) -> Math.min(before, at));
      epoch++;
      records.tailMap(at).clear();
      end = at;
    }

    private long endOf(int epoch) {
      var cut = ends.ceilingEntry(epoch);
      return cut == null ? Long.MAX_VALUE : cut.getValue();
    }

    /** From here to there is nothing that readers see, as after an aborted transaction. */
    public final Map<Long, Long> hidden = new HashMap<>();
  }

  public static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      TopicPartition id, long offset, int epoch, ByteBuffer value) {
    return new ConsumerRecord<>(
        id.topic(),
        id.partition(),
        offset,
        0,
        TimestampType.CREATE_TIME,
        0,
        value.remaining(),
        null,
        value,
        new RecordHeaders(),
        Optional.of(epoch));
  }

  private final Map<TopicPartition, Log> logs;
  private final Map<TopicPartition, FetchPosition> positions = new HashMap<>();

  /** What the next polls fail with. */
  public final Queue<Throwable> failures;

  private boolean isWoken;

  public LogConsumer(Map<TopicPartition, Log> logs, Queue<Throwable> failures) {
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
    positions.put(partition, FetchPosition.named(offset));
  }

  @Override
  public synchronized void seek(TopicPartition partition, OffsetAndMetadata position) {
    int epoch = position.leaderEpoch().orElseThrow();
    positions.put(partition, new FetchPosition(position.offset(), epoch));
  }

  @Override
  public synchronized long position(TopicPartition partition) {
    return positions.get(partition).offset();
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
      if (failures.peek() instanceof Error error) {
        failures.remove();
        throw error;
      }
      throw (RuntimeException) failures.remove();
    }
    var polled = new HashMap<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>>();
    var next = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var id : List.copyOf(positions.keySet())) {
      var found = read(id, logs.get(id));
      if (found != null) {
        polled.put(id, List.of(found));
      }
      var behind = positions.get(id);
      var epoch = behind.isEpochKnown() ? Optional.of(behind.epoch()) : Optional.<Integer>empty();
      next.put(id, new OffsetAndMetadata(behind.offset(), epoch, ""));
    }
    return new ConsumerRecords<>(polled, next);
  }

  private ConsumerRecord<ByteBuffer, ByteBuffer> read(TopicPartition id, Log log) {
    long position = position(id);
    int epoch = positions.get(id).epoch();
    if (positions.get(id).isEpochKnown() && log.endOf(epoch) < position) {
      throw new LogTruncationException(
          Map.of(id, position), Map.of(id, new OffsetAndMetadata(log.endOf(epoch))));
    }
    if (position < log.start || position > log.end) {
      throw new OffsetOutOfRangeException(Map.of(id, position));
    }
    if (log.hidden.containsKey(position)) {
      positions.put(id, new FetchPosition(log.hidden.get(position), epoch));
      return null;
    }
    var found = log.records.ceilingEntry(position);
    if (log.unreadable >= position && (found == null || log.unreadable < found.getKey())) {
      positions.put(id, new FetchPosition(log.unreadable, epoch));
      throw new KafkaException("a record is invalid", new CorruptRecordException("crc"));
    }
    // Behind the last record there may be markers, which a consumer passes over.
    if (found == null) {
      positions.put(id, new FetchPosition(log.end, epoch));
      return null;
    }
    positions.put(id, new FetchPosition(found.getKey() + 1, found.getValue().leaderEpoch().get()));
    return found.getValue();
  }
}
