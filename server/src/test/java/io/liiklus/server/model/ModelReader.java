package io.liiklus.server.model;

import io.liiklus.storage.read.SteppedReading;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
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

/**
 * Kafka's own consumer for tests, in no group, which reads the model's log as a consumer reads a
 * broker's: from where it stands, no more than so many records at a time, at times out of a fetch
 * from before; a wake-up ends the poll that runs, or else the next one.
 */
final class ModelReader extends MockConsumer<ByteBuffer, ByteBuffer> {

  /** What readers share. */
  record Parts(
      Witness witness, ModelTopic topic, ModelFaults faults, int maxRecords, boolean readsAhead) {}

  /** What a broker answered: the records, where reading goes on behind them, and the end then. */
  private record Fetch(
      List<ConsumerRecord<ByteBuffer, ByteBuffer>> records, long next, long visibleEnd) {}

  /**
   * From where it reads on.
   *
   * @param epoch which leader wrote what was read last, or was told of; null where none is known
   */
  private record Position(long offset, Integer epoch) {

    private Position behind(List<ConsumerRecord<ByteBuffer, ByteBuffer>> records, long next) {
      boolean isEmpty = records.isEmpty();
      return new Position(
          next, isEmpty ? epoch : records.get(records.size() - 1).leaderEpoch().orElseThrow());
    }
  }

  private final Parts parts;
  private final Witness witness;
  private final boolean isOfTail;

  /** Null where it was not told yet from where to read. */
  private final Map<TopicPartition, Position> positions = new HashMap<>();

  private final Map<TopicPartition, Fetch> fetched = new HashMap<>();
  private final Map<TopicPartition, Long> ends = new HashMap<>();
  private List<TopicPartition> assigned = List.of();

  private boolean isWoken;
  private boolean isClosed;
  private int rotation;

  /** Whether the last poll waited as long as it may, and nothing was done since. */
  boolean hasSlept;

  ModelReader(Parts parts, boolean isOfTail) {
    super("none");
    this.parts = parts;
    this.witness = parts.witness();
    this.isOfTail = isOfTail;
  }

  @Override
  public synchronized void assign(Collection<TopicPartition> ids) {
    requireOpen();
    witness.require(!isOfTail || !hasSlept, "a tail slept on while there was something to do");
    hasSlept = false;
    assigned = List.copyOf(ids);
    positions.keySet().retainAll(ids);
    fetched.keySet().retainAll(ids);
    ends.keySet().retainAll(ids);
  }

  @Override
  public synchronized void unsubscribe() {
    assign(List.of());
  }

  @Override
  public synchronized void seek(TopicPartition id, long offset) {
    seek(id, new Position(offset, null));
  }

  @Override
  public synchronized void seek(TopicPartition id, OffsetAndMetadata position) {
    seek(id, new Position(position.offset(), position.leaderEpoch().orElse(null)));
  }

  private void seek(TopicPartition id, Position position) {
    requireOpen();
    witness.require(!hasSlept, "a poll slept on while there was something to read elsewhere");
    witness.require(assigned.contains(id), "a seek in %s, which is not assigned", id);
    witness.require(position.offset() >= 0, "a seek to %d", position.offset());
    witness.next();
    positions.put(id, position);
    fetched.remove(id);
  }

  @Override
  public synchronized long position(TopicPartition id) {
    requireOpen();
    return positions.get(id).offset();
  }

  @Override
  public synchronized OptionalLong currentLag(TopicPartition id) {
    requireOpen();
    var end = ends.get(id);
    return end == null ? OptionalLong.empty() : OptionalLong.of(end - position(id));
  }

  @Override
  public synchronized void wakeup() {
    isWoken = true;
  }

  @Override
  public synchronized void close(CloseOptions options) {
    requireOpen();
    isClosed = true;
    parts.faults().beforeClose();
  }

  private void requireOpen() {
    witness.require(!isClosed, "a consumer that was closed is used");
  }

  @Override
  public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    requireOpen();
    witness.require(!assigned.isEmpty(), "a poll of nothing");
    hasSlept = false;
    long begunNs = witness.clockNs;
    requireAwake();
    parts.faults().beforePoll(isOfTail);
    parts.faults().meanwhile();
    var records = read();
    if (records.isEmpty()) {
      requireAwake();
      hasSlept = timeout.equals(SteppedReading.POLL) && witness.clockNs == begunNs;
    } else {
      witness.next();
    }
    return records;
  }

  private void requireAwake() {
    if (isWoken) {
      isWoken = false;
      throw new WakeupException();
    }
  }

  private ConsumerRecords<ByteBuffer, ByteBuffer> read() {
    var found = new HashMap<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>>();
    var next = new HashMap<TopicPartition, OffsetAndMetadata>();
    requireNotCut();
    KafkaException failure = null;
    int room = parts.maxRecords();
    var ids = new ArrayList<>(assigned);
    ids.sort((one, other) -> Integer.compare(order(one), order(other)));
    rotation++;
    for (var id : ids) {
      witness.require(positions.containsKey(id), "a poll of %s, which has no position", id);
      if (room == 0) {
        continue;
      }
      try {
        var records = take(id, room);
        var behind = positions.get(id);
        next.put(
            id, new OffsetAndMetadata(behind.offset(), Optional.ofNullable(behind.epoch()), ""));
        if (!records.isEmpty()) {
          found.put(id, records);
          room -= records.size();
        }
      } catch (KafkaException failed) {
        failure = failure == null ? failed : failure;
      }
    }
    // What fails is told when nothing else is there to be told.
    if (found.isEmpty() && failure != null) {
      throw failure;
    }
    if (parts.readsAhead()) {
      ids.forEach(this::fetchAhead);
    }
    return new ConsumerRecords<>(found, next);
  }

  /** What was read last may not be in the log any more; told as often as it is found. */
  private void requireNotCut() {
    var read = new HashMap<TopicPartition, Long>();
    var cutAt = new HashMap<TopicPartition, OffsetAndMetadata>();
    positions.forEach(
        (id, position) -> {
          var log = parts.topic().partition(id.partition());
          long end = position.epoch() == null ? Long.MAX_VALUE : log.endOf(position.epoch());
          if (end < position.offset()) {
            read.put(id, position.offset());
            cutAt.put(id, new OffsetAndMetadata(end));
          }
        });
    if (!cutAt.isEmpty()) {
      throw new LogTruncationException(read, cutAt);
    }
  }

  private void fetchAhead(TopicPartition id) {
    if (!fetched.containsKey(id)) {
      try {
        fetched.put(id, fetch(id));
      } catch (KafkaException told) {
        // It is told when it is met again.
      }
    }
  }

  private int order(TopicPartition id) {
    return (id.partition() + rotation) % ModelTopic.PARTITIONS;
  }

  private List<ConsumerRecord<ByteBuffer, ByteBuffer>> take(TopicPartition id, int room) {
    var before = positions.get(id);
    var ahead = fetched.remove(id);
    var answer = ahead == null ? fetch(id) : ahead;
    ends.put(id, answer.visibleEnd());
    var records = answer.records();
    if (records.size() > room) {
      fetched.put(
          id, new Fetch(records.subList(room, records.size()), answer.next(), answer.visibleEnd()));
      records = records.subList(0, room);
      positions.put(id, before.behind(records, records.get(room - 1).offset() + 1));
    } else {
      positions.put(id, before.behind(records, answer.next()));
    }
    return records;
  }

  /** As a broker answers, and a consumer makes of it. */
  private Fetch fetch(TopicPartition id) {
    long from = position(id);
    var log = parts.topic().partition(id.partition());
    if (from < log.start() || from > log.end()) {
      throw new OffsetOutOfRangeException(Map.of(id, from));
    }
    var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
    var entry = log.next(from);
    long at = from;
    while (entry != null && entry.isReadable()) {
      records.add(ModelRecords.record(id, entry));
      at = entry.offset() + 1;
      entry = log.next(at);
    }
    if (records.isEmpty() && entry != null) {
      throw new KafkaException("a record is invalid", new CorruptRecordException("crc"));
    }
    // What holds no records is passed over too.
    return new Fetch(
        records, entry == null ? Math.max(at, log.visibleEnd()) : at, log.visibleEnd());
  }
}
