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
class PrefetchingReaderDrainTest {

  private static final TopicPartition ID = new TopicPartition("topic", 0);

  private final TailCache cache =
      new TailCache(
          ID, FetchPosition.named(0), new TailCache.Counts(new LongAdder(), new LongAdder()));

  /** Done in the middle of a look, when the reader has fallen out of the cache. */
  private Runnable meanwhile = () -> {};

  private final PrefetchingReader prefetch =
      new PrefetchingReader(
          0,
          0,
          new PrefetchingReader.Limits(1_000, 1_000),
          new NoFetchListener() {
            @Override
            public void onFellBehind(TailCache.Cursor cursor) {
              meanwhile.run();
            }
          });

  @Test
  void aReadThatIsOpenedBehindASeekIsNotSupersededByIt() {
    prefetch.follow(cache.attach(prefetch, 0, FetchPosition.named(0)));
    var reads = new CompletionStage<?>[1];
    meanwhile =
        () -> {
          prefetch.seek(5);
          reads[0] = prefetch.read();
        };

    cache.drop();

    assertThat(reads[0].toCompletableFuture()).isNotDone();
  }

  @Test
  void whatWasLeftAheadOfAFailureIsReadFirst() {
    prefetch.follow(cache.attach(prefetch, 0, FetchPosition.named(0)));
    meanwhile =
        () -> {
          prefetch.offer(0, fetched(0), 0);
          prefetch.fail(0, new StorageException(Kind.DATA_LOSS, "unreadable"));
        };
    var first = prefetch.read();

    cache.drop();

    assertThat(offsets(first)).containsExactly(0L);
    assertThat(failure(prefetch.read()).kind()).isEqualTo(Kind.DATA_LOSS);
  }

  private static Fetch fetched(long offset) {
    return Fetch.of(FetchPosition.named(offset), FetchPosition.named(offset + 1), batch(offset));
  }

  private static KafkaRecordBatch batch(long offset) {
    return new KafkaRecordBatch(
        List.of(new ConsumerRecord<>("topic", 0, offset, null, ByteBuffer.allocate(10))), false);
  }
}
