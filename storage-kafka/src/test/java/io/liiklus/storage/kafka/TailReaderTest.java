package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** When the end of a log is polled. */
class TailReaderTest {

  private static final TopicPartition ID = new TopicPartition("topic", 0);

  /** For so many followers of one batch it is worth to rest. */
  private static final int MANY = 10;

  private final LogConsumer.Log log = new LogConsumer.Log();
  private final LogConsumer consumer = new LogConsumer(Map.of(ID, log), new ArrayDeque<>());
  private final Rings rings =
      new Rings(
          1,
          () -> consumer,
          new TailReader.Bounds(
              10_000,
              10_000,
              Duration.ZERO,
              Duration.ofMillis(100),
              Duration.ofSeconds(5),
              Duration.ZERO),
          () -> 0);
  private final TailReader reader = rings.readers().get(0);
  private final Ring ring = rings.open(new PartitionLog(ID, new Uuid(1, 1)), LogPosition.named(0));

  private void follow(int followers) {
    for (int i = 0; i < followers; i++) {
      var follower = new HandOff(0, 0, new HandOff.Limits(1_000, 1_000), new NoFiller());
      ring.attach(follower, 0, LogPosition.named(0));
    }
  }

  private void addRecord(long offset) {
    log.records.put(offset, LogConsumer.record(ID, offset, log.epoch, ByteBuffer.allocate(10)));
    log.end = offset + 1;
  }

  @Test
  void aPollThatWentToManyFollowersIsFollowedByARest() {
    follow(MANY);
    addRecord(0);
    reader.runOnce();
    assertThat(ring.hasComeTo(1)).isTrue();
    addRecord(1);

    reader.runOnce();
    assertThat(ring.hasComeTo(2)).isFalse();
    reader.runOnce();
    assertThat(ring.hasComeTo(2)).isTrue();
  }

  @Test
  void aPollThatWentToFewIsFollowedByTheNext() {
    follow(MANY - 1);
    addRecord(0);
    reader.runOnce();
    addRecord(1);

    reader.runOnce();
    assertThat(ring.hasComeTo(2)).isTrue();
  }

  @Test
  void aWakeUpThatComesLateEndsOnePollAndNothingElse() {
    follow(1);
    addRecord(0);
    reader.runOnce();
    addRecord(1);
    consumer.wakeup();

    reader.runOnce();
    assertThat(ring.hasComeTo(2)).isFalse();
    reader.runOnce();
    assertThat(ring.hasComeTo(2)).isTrue();
  }
}
