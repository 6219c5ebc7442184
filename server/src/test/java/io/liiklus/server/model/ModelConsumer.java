package io.liiklus.server.model;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBytes;
import io.liiklus.storage.kafka.SteppedPollLoop;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/**
 * Kafka's own consumer for tests, which reads the model's log as a consumer reads a broker's: from
 * where it stands, what is not paused, no more than so many at a time; a wake-up ends the poll that
 * runs, or else the next one.
 */
final class ModelConsumer extends MockConsumer<ByteBuffer, ByteBuffer> {

  /** What is done while a poll runs. */
  interface Meanwhile {

    /** Rebalances, and whatever else happens meanwhile. */
    void run();
  }

  /** Is told what of a partition was polled. */
  interface Polled {

    void records(int partition, long bytes);
  }

  private final Witness witness;
  private final ModelTopic topic;
  private final int maxPollRecords;
  private final Polled onPolled;
  private ConsumerRebalanceListener rebalances;
  private final Set<TopicPartition> paused =
      new TreeSet<>((one, other) -> Integer.compare(one.partition(), other.partition()));

  Meanwhile meanwhile = () -> {};
  KafkaException refusal;

  private boolean isWoken;
  private int rotation;

  /** Whether the last poll waited as long as it may, and nothing was done since. */
  boolean hasSlept;

  ModelConsumer(Witness witness, ModelTopic topic, int maxPollRecords, Polled onPolled) {
    super("none");
    this.witness = witness;
    this.topic = topic;
    this.maxPollRecords = maxPollRecords;
    this.onPolled = onPolled;
  }

  static TopicPartition id(int partition) {
    return new TopicPartition(ModelTopic.NAME, partition);
  }

  Set<Integer> held() {
    return assignment().stream().map(TopicPartition::partition).collect(Collectors.toSet());
  }

  void hold(Set<Integer> partitions) {
    var ids = partitions.stream().map(ModelConsumer::id).toList();
    paused.retainAll(ids);
    rebalance(ids);
  }

  void lose() {
    paused.clear();
    losePartitions(List.copyOf(assignment()));
  }

  /** The broker lets it do nothing more. */
  void refuse() {
    refusal = new GroupAuthorizationException(ModelPositions.GROUP);
  }

  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener listener) {
    rebalances = listener;
    super.subscribe(topics, listener);
  }

  @Override
  public synchronized ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    long begunNs = witness.clockNs;
    hasSlept = false;
    requireAwake();
    if (refusal != null) {
      throw refusal;
    }
    meanwhile.run();
    var records = fetch();
    if (records.isEmpty()) {
      requireAwake();
      hasSlept = timeout.equals(SteppedPollLoop.POLL) && witness.clockNs == begunNs;
    }
    return records;
  }

  private void requireAwake() {
    if (isWoken) {
      isWoken = false;
      throw new WakeupException();
    }
  }

  @Override
  public synchronized void wakeup() {
    isWoken = true;
  }

  private ConsumerRecords<ByteBuffer, ByteBuffer> fetch() {
    var fetched = new HashMap<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>>();
    var next = new HashMap<TopicPartition, OffsetAndMetadata>();
    var outOfRange = new HashMap<TopicPartition, Long>();
    boolean isSpoilt = false;
    int room = maxPollRecords;
    var ids = new ArrayList<>(assignment());
    ids.sort((one, other) -> Integer.compare(order(one), order(other)));
    rotation++;
    for (var id : ids) {
      // Of each, paused or not: a consumer that has no position in one polls none.
      long from = position(id);
      if (paused.contains(id)) {
        continue;
      }
      var log = topic.partition(id.partition());
      if (from < log.start() || from > log.end()) {
        outOfRange.put(id, from);
        continue;
      }
      var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
      long at = from;
      var entry = log.next(at);
      while (entry != null && entry.isReadable() && room > 0) {
        records.add(record(id.partition(), entry));
        room--;
        at = entry.offset() + 1;
        entry = log.next(at);
      }
      isSpoilt |= records.isEmpty() && entry != null && !entry.isReadable();
      // What holds no records is passed over too.
      at = entry == null ? Math.max(at, log.visibleEnd()) : at;
      if (at > from) {
        super.seek(id, at);
      }
      if (!records.isEmpty()) {
        fetched.put(id, records);
        onPolled.records(id.partition(), records.stream().mapToLong(ModelConsumer::bytes).sum());
        next.put(id, new OffsetAndMetadata(at));
      }
    }
    if (fetched.isEmpty() && !outOfRange.isEmpty()) {
      throw new OffsetOutOfRangeException(outOfRange);
    }
    if (fetched.isEmpty() && isSpoilt) {
      throw new KafkaException("a record is invalid", new CorruptRecordException("crc"));
    }
    return new ConsumerRecords<>(fetched, next);
  }

  private int order(TopicPartition id) {
    return (id.partition() + rotation) % ModelTopic.PARTITIONS;
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(
      int partition, ModelTopic.Entry entry) {
    Headers headers = new RecordHeaders();
    if (entry.isEvent()) {
      add(headers, "ce_specversion", "1.0");
      add(headers, "ce_id", entry.id());
      add(headers, "ce_type", "written");
      add(headers, "ce_source", "model");
    }
    var value = new byte[entry.bytes()];
    Arrays.fill(value, (byte) ' ');
    var id = entry.id().getBytes(StandardCharsets.UTF_8);
    System.arraycopy(id, 0, value, 0, Math.min(id.length, value.length));
    return new ConsumerRecord<>(
        ModelTopic.NAME,
        partition,
        entry.offset(),
        0,
        TimestampType.CREATE_TIME,
        0,
        value.length,
        null,
        ByteBuffer.wrap(value),
        headers,
        Optional.empty());
  }

  private static long bytes(ConsumerRecord<ByteBuffer, ByteBuffer> record) {
    var headers = new ArrayList<Header>();
    record.headers().forEach(header -> headers.add(new Header(header.key(), header.value())));
    return RecordBytes.of(record.key(), record.value(), headers);
  }

  private static void add(Headers headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** What a round does because of something that a wake-up should have told of. */
  private void requireNotSlept(String what) {
    witness.require(!hasSlept, "a poll slept on while there was something to do: %s", what);
  }

  @Override
  public synchronized void seek(TopicPartition id, long offset) {
    requireNotSlept("seek");
    super.seek(id, offset);
  }

  @Override
  public synchronized void pause(Collection<TopicPartition> ids) {
    super.pause(ids);
    paused.addAll(ids);
  }

  @Override
  public synchronized void resume(Collection<TopicPartition> ids) {
    requireNotSlept("resume");
    super.resume(ids);
    paused.removeAll(ids);
  }

  /** As a consumer does when it leaves: what it holds is revoked. */
  @Override
  public void close(CloseOptions options) {
    var held = List.copyOf(assignment());
    if (!held.isEmpty()) {
      rebalances.onPartitionsRevoked(held);
    }
    super.close(options);
  }
}
