package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedReads.failure;
import static io.liiklus.storage.kafka.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** What another thread does while it is looked whether a read can be answered. */
class HandOffMatchTest {

  private static final TopicPartition ID = new TopicPartition("topic", 0);

  private final Ring ring =
      new Ring(ID, LogPosition.named(0), new Ring.Counts(new LongAdder(), new LongAdder()));

  /** Done in the middle of a look, when the reader has fallen out of the ring. */
  private Runnable meanwhile = () -> {};

  private final HandOff handOff =
      new HandOff(
          0,
          0,
          new HandOff.Limits(1_000, 1_000),
          new NoFiller() {
            @Override
            public void onFellBehind(Ring.Place place) {
              meanwhile.run();
            }
          });

  @Test
  void aReadThatIsOpenedBehindASeekIsNotSupersededByIt() {
    handOff.follow(ring.attach(handOff, 0, LogPosition.named(0)));
    var reads = new CompletionStage<?>[1];
    meanwhile =
        () -> {
          handOff.seek(5);
          reads[0] = handOff.read();
        };

    ring.drop();

    assertThat(reads[0].toCompletableFuture()).isNotDone();
  }

  @Test
  void whatWasLeftAheadOfAFailureIsReadFirst() {
    handOff.follow(ring.attach(handOff, 0, LogPosition.named(0)));
    meanwhile =
        () -> {
          handOff.offer(0, fetched(0), 0);
          handOff.fail(0, new StorageException(Kind.DATA_LOSS, "unreadable"));
        };
    var first = handOff.read();

    ring.drop();

    assertThat(offsets(first)).containsExactly(0L);
    assertThat(failure(handOff.read()).kind()).isEqualTo(Kind.DATA_LOSS);
  }

  private static Fetched fetched(long offset) {
    return Fetched.of(LogPosition.named(offset), LogPosition.named(offset + 1), batch(offset));
  }

  private static KafkaRecordBatch batch(long offset) {
    return new KafkaRecordBatch(
        List.of(new ConsumerRecord<>("topic", 0, offset, null, ByteBuffer.allocate(10))), false);
  }
}
