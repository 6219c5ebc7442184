package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A pool of one reader, whose thread meets what it cannot deal with. */
class CatchUpReaderPoolFaultTest extends NoTrouble {

  private static final Duration NONE = Duration.ZERO;
  private static final Duration TURN = Duration.ofMillis(100);

  private final List<CatchUpReader> started = new ArrayList<>();
  private final List<StorageException> refused = new ArrayList<>();
  private boolean isListenerFailing;
  private final SharedReading reading =
      new SharedReading(
          new ReadSettings(1_000, 1, 1_000, 1_000, 1, 1_000, 100),
          new ReadTimings(NONE, NONE, NONE, NONE, TURN, NONE, NONE, NONE),
          FakeLogReader.readers(Map.of()),
          () -> 0,
          isTailServed -> CatchUpThrottle.unlimited(),
          (reader, number) -> started.add(reader));
  private final CatchUpReaderPool pool = reading.pool();

  @Test
  void readerThatDies_isReplacedAndItsSubscriptionEnds() {
    wantOne(0);
    wantOne(1);
    var reader = started.remove(0);
    assertThat(reader.begin()).isTrue();

    pool.onDied(reader, new OutOfMemoryError("Java heap space"));

    assertThat(refused)
        .singleElement()
        .extracting(Throwable::getCause)
        .asString()
        .contains("Java heap space");
    assertThat(pool.inUse()).isZero();
    assertThat(started).hasSize(1);
    assertThat(started.get(0).begin()).isTrue();
  }

  @Test
  void threadThatCannotEvenTellOfAFault_isReplaced() {
    wantOne(0);
    wantOne(1);
    var reader = started.remove(0);

    // No partition has a log, which the reader fails at; and so does the listener.
    isListenerFailing = true;
    reader.run();

    assertThat(pool.inUse()).isZero();
    assertThat(started).hasSize(1);
  }

  private void wantOne(int partition) {
    var fetcher =
        reading.fetcher(
            new LogId("topic", partition, "1"),
            0,
            this,
            () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
    fetcher.resume(0, FetchPosition.named(0), false);
  }

  @Override
  public void onRefused(StorageException reason) {
    if (isListenerFailing) {
      throw new OutOfMemoryError("Java heap space");
    }
    refused.add(reason);
  }
}
