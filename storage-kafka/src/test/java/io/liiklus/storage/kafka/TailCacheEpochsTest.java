package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Who may read from a cache, where leaders may have cut what they have read. */
class TailCacheEpochsTest {

  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final Uuid TOPIC = new Uuid(1, 1);
  private static final Duration LONG = Duration.ofSeconds(5);

  private final PrefetchingReader follower =
      new PrefetchingReader(
          0, 0, new PrefetchingReader.Limits(1_000, 1_000), new NoFetchListener());

  @Test
  void whoHasReadWhatANewLeaderCutDoesNotJoin() {
    var cache = cache(3, 0);
    append(cache, 1, 3, 7);

    assertThat(attach(cache, 5, 0)).isNull();
    assertThat(attach(cache, 8, 0)).isNull();
  }

  @Test
  void whoHasReadUnderTheSameLeadersJoins() {
    var cache = cache(3, 0);
    append(cache, 1, 3, 7);

    assertThat(attach(cache, 3, 0)).isNotNull();
    assertThat(attach(cache, 5, 1)).isNotNull();
    assertThat(attach(cache, 8, 1)).isNotNull();
  }

  @Test
  void whoHasReadUnderANewerLeaderJoinsWhereNothingOlderFollows() {
    var cache = cache(3, 0);
    assertThat(attach(cache, 3, 1)).isNotNull();
    append(cache, 0, 3, 7);

    assertThat(attach(cache, 3, 1)).isNull();
    assertThat(attach(cache, 5, 1)).isNull();
    assertThat(attach(cache, 8, 1)).isNotNull();
  }

  @Test
  void whoKnowsOfNoLeaderJoinsAndIsOfTheRingsLogFromThereOn() {
    var cache = cache(3, 0);
    append(cache, 1, 3, 7);

    assertThat(attach(cache, 3, FetchPosition.UNKNOWN).next()).isEqualTo(new FetchPosition(3, 0));
    assertThat(attach(cache, 5, FetchPosition.UNKNOWN).next()).isEqualTo(new FetchPosition(5, 1));
  }

  @Test
  void withinABatchOfTwoLeadersNobodyJoinsWhoKnowsOfOne() {
    var cache = cache(3, 0);
    append(cache, new KafkaRecordBatch(List.of(record(3, 0), record(4, 0), record(5, 1)), false));

    assertThat(attach(cache, 4, 0)).isNull();
    assertThat(attach(cache, 6, 1)).isNotNull();
  }

  @Test
  void whoFallsOutKnowsTheLeaderOfWhatWasTakenLast() {
    var cache = cache(3, 0);
    var cursor = attach(cache, 3, 0);
    append(cache, 1, 3, 7);

    cursor.advance(cursor.peek());

    assertThat(cursor.next()).isEqualTo(new FetchPosition(8, 1));
  }

  @Test
  void aRingThatWasNotReadIntoBeginsAnewForWhoKnowsAnOlderLeader() {
    var logs = new HashMap<TopicPartition, LogConsumer.Log>();
    var log = new LogConsumer.Log();
    logs.put(ID, log);
    log.end = 5;
    var caches =
        new TailCaches(
            1,
            () -> new LogConsumer(logs, new ArrayDeque<>()),
            new TailReader.Bounds(1_000, 1_000, Duration.ZERO, LONG, LONG, LONG, Duration.ZERO),
            () -> 0,
            new StandingFaults(() -> 0));
    var cache = caches.open(new PartitionLog(ID, TOPIC), new FetchPosition(5, 1));
    assertThat(attach(cache, 5, 0)).isNull();

    caches.open(new PartitionLog(ID, TOPIC), new FetchPosition(5, 0));
    caches.readers().get(0).runOnce();

    assertThat(attach(cache, 5, 0)).isNotNull();
    log.cut(3);
    log.end = 8;
    caches.readers().get(0).runOnce();
    assertThat(cache.isDropped()).isTrue();
  }

  private static TailCache cache(long start, int epoch) {
    var counts = new TailCache.Counts(new LongAdder(), new LongAdder());
    return new TailCache(ID, new FetchPosition(start, epoch), counts);
  }

  private TailCache.Cursor attach(TailCache cache, long offset, int epoch) {
    return cache.attach(follower, 0, new FetchPosition(offset, epoch));
  }

  private static void append(TailCache cache, int epoch, long first, long last) {
    var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
    for (long offset = first; offset <= last; offset++) {
      records.add(record(offset, epoch));
    }
    append(cache, new KafkaRecordBatch(records, false));
  }

  private static void append(TailCache cache, KafkaRecordBatch batch) {
    cache.append(batch, 0, 1_000);
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(long offset, int epoch) {
    return LogConsumer.record(ID, offset, epoch, ByteBuffer.allocate(10));
  }
}
