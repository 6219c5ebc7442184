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

/** Who may read from a ring, where leaders may have cut what they have read. */
class RingEpochsTest {

  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final Uuid TOPIC = new Uuid(1, 1);
  private static final Duration LONG = Duration.ofSeconds(5);

  private final HandOff follower =
      new HandOff(0, 0, new HandOff.Limits(1_000, 1_000), new NoFiller());

  @Test
  void whoHasReadWhatANewLeaderCutDoesNotJoin() {
    var ring = ring(3, 0);
    append(ring, 1, 3, 7);

    assertThat(attach(ring, 5, 0)).isNull();
    assertThat(attach(ring, 8, 0)).isNull();
  }

  @Test
  void whoHasReadUnderTheSameLeadersJoins() {
    var ring = ring(3, 0);
    append(ring, 1, 3, 7);

    assertThat(attach(ring, 3, 0)).isNotNull();
    assertThat(attach(ring, 5, 1)).isNotNull();
    assertThat(attach(ring, 8, 1)).isNotNull();
  }

  @Test
  void whoHasReadUnderANewerLeaderJoinsWhereNothingOlderFollows() {
    var ring = ring(3, 0);
    assertThat(attach(ring, 3, 1)).isNotNull();
    append(ring, 0, 3, 7);

    assertThat(attach(ring, 3, 1)).isNull();
    assertThat(attach(ring, 5, 1)).isNull();
    assertThat(attach(ring, 8, 1)).isNotNull();
  }

  @Test
  void whoKnowsOfNoLeaderJoinsAndIsOfTheRingsLogFromThereOn() {
    var ring = ring(3, 0);
    append(ring, 1, 3, 7);

    assertThat(attach(ring, 3, LogPosition.UNKNOWN).next()).isEqualTo(new LogPosition(3, 0));
    assertThat(attach(ring, 5, LogPosition.UNKNOWN).next()).isEqualTo(new LogPosition(5, 1));
  }

  @Test
  void withinABatchOfTwoLeadersNobodyJoinsWhoKnowsOfOne() {
    var ring = ring(3, 0);
    append(ring, new KafkaRecordBatch(List.of(record(3, 0), record(4, 0), record(5, 1)), false));

    assertThat(attach(ring, 4, 0)).isNull();
    assertThat(attach(ring, 6, 1)).isNotNull();
  }

  @Test
  void whoFallsOutKnowsTheLeaderOfWhatWasTakenLast() {
    var ring = ring(3, 0);
    var place = attach(ring, 3, 0);
    append(ring, 1, 3, 7);

    place.advance(place.peek());

    assertThat(place.next()).isEqualTo(new LogPosition(8, 1));
  }

  @Test
  void aRingThatWasNotReadIntoBeginsAnewForWhoKnowsAnOlderLeader() {
    var logs = new HashMap<TopicPartition, LogConsumer.Log>();
    var log = new LogConsumer.Log();
    logs.put(ID, log);
    log.end = 5;
    var rings =
        new Rings(
            1,
            () -> new LogConsumer(logs, new ArrayDeque<>()),
            new TailReader.Bounds(1_000, 1_000, Duration.ZERO, LONG, LONG, LONG, Duration.ZERO),
            () -> 0,
            new StandingFaults(() -> 0));
    var ring = rings.open(new PartitionLog(ID, TOPIC), new LogPosition(5, 1));
    assertThat(attach(ring, 5, 0)).isNull();

    rings.open(new PartitionLog(ID, TOPIC), new LogPosition(5, 0));
    rings.readers().get(0).runOnce();

    assertThat(attach(ring, 5, 0)).isNotNull();
    log.cut(3);
    log.end = 8;
    rings.readers().get(0).runOnce();
    assertThat(ring.isDropped()).isTrue();
  }

  private static Ring ring(long start, int epoch) {
    var counts = new Ring.Counts(new LongAdder(), new LongAdder());
    return new Ring(ID, new LogPosition(start, epoch), counts);
  }

  private Ring.Place attach(Ring ring, long offset, int epoch) {
    return ring.attach(follower, 0, new LogPosition(offset, epoch));
  }

  private static void append(Ring ring, int epoch, long first, long last) {
    var records = new ArrayList<ConsumerRecord<ByteBuffer, ByteBuffer>>();
    for (long offset = first; offset <= last; offset++) {
      records.add(record(offset, epoch));
    }
    append(ring, new KafkaRecordBatch(records, false));
  }

  private static void append(Ring ring, KafkaRecordBatch batch) {
    ring.append(batch, 0, 1_000);
  }

  private static ConsumerRecord<ByteBuffer, ByteBuffer> record(long offset, int epoch) {
    return LogConsumer.record(ID, offset, epoch, ByteBuffer.allocate(10));
  }
}
