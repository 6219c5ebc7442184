package io.liiklus.storage.kafka;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Kafka's own consumer for tests, over logs that grow while true threads read them: a few records
 * of each partition at a time, and now and then a failure that passes. Confined to its reader's
 * thread, but for {@link #wakeup}.
 */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // A wake-up must not wait for a poll.
final class CrowdedConsumer extends MockConsumer<ByteBuffer, ByteBuffer> {

  private static final ByteBuffer VALUE = ByteBuffer.allocate(50);
  private static final int MOST_AT_A_TIME = 20;
  private static final int POLLS_FOR_A_FAILURE = 2_000;
  private static final long SHORTEST_PARK_NS = 1;

  private final AtomicLongArray ends;
  private final Random random;
  private final Set<TopicPartition> read = new HashSet<>();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final AtomicBoolean isWoken = new AtomicBoolean();

  /**
   * @param ends how far the log of each partition goes
   */
  CrowdedConsumer(AtomicLongArray ends, Random random) {
    super("none");
    this.ends = ends;
    this.random = random;
  }

  @Override
  public void assign(Collection<TopicPartition> ids) {
    read.clear();
    read.addAll(ids);
    positions.keySet().retainAll(ids);
  }

  @Override
  public void unsubscribe() {
    assign(List.of());
  }

  @Override
  public void seek(TopicPartition id, long offset) {
    positions.put(id, offset);
  }

  @Override
  public long position(TopicPartition id) {
    return positions.get(id);
  }

  @Override
  public OptionalLong currentLag(TopicPartition id) {
    return OptionalLong.of(ends.get(id.partition()) - position(id));
  }

  @Override
  public void wakeup() {
    isWoken.set(true);
  }

  @Override
  public void close(CloseOptions options) {}

  @Override
  public ConsumerRecords<ByteBuffer, ByteBuffer> poll(Duration timeout) {
    long untilNs = System.nanoTime() + timeout.toNanos();
    if (random.nextInt(POLLS_FOR_A_FAILURE) == 0) {
      throw new DisconnectException("a failure that passes");
    }
    while (true) {
      if (isWoken.getAndSet(false)) {
        throw new WakeupException();
      }
      var found = fetch();
      if (!found.isEmpty() || System.nanoTime() - untilNs >= 0) {
        return new ConsumerRecords<>(found, Map.of());
      }
      LockSupport.parkNanos(SHORTEST_PARK_NS);
    }
  }

  private Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> fetch() {
    var found = new HashMap<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>>();
    int most = 1 + random.nextInt(MOST_AT_A_TIME);
    for (var id : read) {
      long from = positions.get(id);
      long to = Math.min(ends.get(id.partition()), from + most);
      var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
      for (long offset = from; offset < to; offset++) {
        records.add(new ConsumerRecord<>(id.topic(), id.partition(), offset, null, VALUE));
      }
      if (!records.isEmpty()) {
        positions.put(id, to);
        found.put(id, records);
      }
    }
    return found;
  }
}
