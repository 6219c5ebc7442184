package io.liiklus.storage.read;

import static io.liiklus.storage.read.SteppedReads.failure;
import static io.liiklus.storage.read.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What another thread does in the middle of a drain. */
class PrefetchingReaderDrainTest {

  private static final LogId LOG = new LogId("topic", 0, "1");

  private final SteppedReading reading =
      new SteppedReading(
          new ReadSettings(1_000, 1, 1_000, 1_000, 1, 1_000, 100),
          FakeLogReader.readers(Map.of(LOG, new FakeLog())),
          Duration.ZERO,
          () -> 0);
  private final TailCache cache =
      new TailCache(LOG, FetchPosition.named(0), reading.reading().caches());

  /** Done in the middle of a drain, when the reader has lost its cursor. */
  private Runnable meanwhile = () -> {};

  private final PrefetchingReader reader =
      new NoListener() {
        @Override
        public void onFellBehind(Cursor lost) {
          meanwhile.run();
        }
      }.reader();

  @Test
  void read_openedBehindASeek_isNotSupersededByIt() {
    reader.follow(cache.attach(reader, 0, FetchPosition.named(0)));
    var reads = new CompletionStage<?>[1];
    meanwhile =
        () -> {
          reader.seek(5);
          reads[0] = reader.read();
        };

    cache.drop();

    assertThat(reads[0].toCompletableFuture()).isNotDone();
  }

  @Test
  void read_thatIsHeldBack_isAnsweredOnceItMay() {
    var isAllowed = new boolean[1];
    var held =
        new NoListener() {
          @Override
          public boolean mayRead() {
            return isAllowed[0];
          }
        }.reader();
    held.queue().offer(0, fetch(0), true, 0);
    var read = held.read().toCompletableFuture();
    held.drain();
    assertThat(read).isNotDone();
    assertThat(held.hasRecords()).isFalse();

    isAllowed[0] = true;
    held.drain();

    assertThat(read).isCompleted();
  }

  @Test
  void read_thatIsHeldBack_endsWithItsAssignment() {
    var held =
        new NoListener() {
          @Override
          public boolean mayRead() {
            return false;
          }
        }.reader();
    var read = held.read().toCompletableFuture();

    held.end(new StorageException(Kind.REVOKED, "revoked"));

    assertThat(read).isCompletedExceptionally();
  }

  @Test
  void fetch_queuedAheadOfAFailure_isReadFirst() {
    reader.follow(cache.attach(reader, 0, FetchPosition.named(0)));
    meanwhile =
        () -> {
          reader.queue().offer(0, fetch(0), true, 0);
          reader.fail(0, new StorageException(Kind.DATA_LOSS, "unreadable"));
        };
    var first = reader.read();

    cache.drop();

    assertThat(offsets(first)).containsExactly(0L);
    assertThat(failure(reader.read()).kind()).isEqualTo(Kind.DATA_LOSS);
  }

  private static Fetch fetch(long offset) {
    return Fetch.of(
        FetchPosition.named(offset),
        FetchPosition.named(offset + 1),
        FakeBatch.of(0, offset, offset));
  }
}
