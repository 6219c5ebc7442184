package io.liiklus.storage.read;

import static io.liiklus.storage.read.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.RecordBatch;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A catch-up reader on its thread that has to rest, by a clock that only the test turns. */
class CatchUpRestTest {

  private static final LogId LOG = new LogId("topic", 0, "1");
  private static final int RECORDS = 20;

  /** So many that each of them is to be paid for by a rest, at the lowest limit. */
  private static final int RECORD_BYTES = 2_000_000;

  private static final Duration COPY = Duration.ofMillis(100);
  private static final Duration POLL = Duration.ofMillis(1);
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final AtomicLong nowNs = new AtomicLong();
  private final FakeLog log = new FakeLog();
  private final CatchUpThrottle throttle =
      new CpuTargetThrottle(0.6, () -> new CpuTargetThrottle.Load(1, 1), atNs -> true, nowNs::get);
  private SharedReading reading;

  private volatile Thread thread;

  CatchUpRestTest() {
    for (int i = 0; i < RECORDS; i++) {
      write();
    }
    while (throttle.limit() != CpuTargetThrottle.FLOOR) {
      nowNs.addAndGet(CpuTargetThrottle.INTERVAL.toNanos());
      throttle.restNs(RECORD_BYTES);
    }
  }

  private void write() {
    log.add(log.end, RECORD_BYTES);
  }

  private void start(CatchUpReader reader) {
    thread = new Thread(reader, "reader-of-the-test");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * @param heldBytes how much is read ahead
   */
  private PartitionFetcher fetcher(long heldBytes) {
    reading =
        new SharedReading(
            new ReadSettings(heldBytes, 1, 1_000, 1_000, 1, RECORD_BYTES, 100),
            new ReadTimings(POLL, COPY, COPY, COPY, COPY, POLL, POLL, POLL),
            FakeLogReader.readers(Map.of(LOG, log)),
            nowNs::get,
            isTailServed -> throttle,
            (reader, number) -> start(reader));
    reading.startThreads();
    var fetcher =
        reading.fetcher(
            LOG,
            0,
            new NoTrouble(),
            () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
    fetcher.resume(0, FetchPosition.named(0), false);
    return fetcher;
  }

  private static void expect(PartitionFetcher fetcher, long offset) throws Exception {
    CompletableFuture<RecordBatch> read = fetcher.reader().read().toCompletableFuture();
    read.get(WAIT.toSeconds(), TimeUnit.SECONDS);
    assertThat(offsets(read)).containsExactly(offset);
  }

  private void awaitIn(String method) {
    await()
        .atMost(WAIT)
        .until(
            () ->
                Arrays.stream(thread.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals(method)));
  }

  private void rest() {
    nowNs.addAndGet(CpuTargetThrottle.LONGEST_REST.toNanos());
  }

  @AfterEach
  void endReaders() throws InterruptedException {
    reading.close();
    thread.join(WAIT.toMillis());
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void restingReader_readsOnWhenTheRestIsOver() throws Exception {
    var fetcher = fetcher(RECORDS * RECORD_BYTES);
    for (int i = 0; i < 5; i++) {
      expect(fetcher, i);
      awaitIn("rest");
      assertThat(reading.caughtUp().sum()).isEqualTo(i + 1);
      rest();
    }
  }

  @Test
  void groupWhoseLagHasGrown_readsWithoutRestUntilItIsMadeUpFor() throws Exception {
    var fetcher = fetcher(RECORDS * RECORD_BYTES);
    expect(fetcher, 0);
    awaitIn("rest");
    // As many as are read before the lag is what it was.
    for (int i = 0; i < 3; i++) {
      write();
    }
    rest();

    for (int i = 1; i <= 4; i++) {
      expect(fetcher, i);
    }
    awaitIn("rest");
    assertThat(reading.caughtUp().sum()).isEqualTo(5);
  }

  @Test
  void groupThatDidNotTakeItsRecords_restsThoughItsLagHasGrown() throws Exception {
    // Each poll fills it.
    var fetcher = fetcher(RECORD_BYTES);
    for (int i = 0; i < 5; i++) {
      awaitIn("rest");
      rest();
      awaitIn("awaitRoom");
      write();
      write();
      expect(fetcher, i);
    }
  }

  @Test
  void restingReader_restsThoughItWasJustNotifiedOfRoom() throws Exception {
    // Each poll fills it.
    var fetcher = fetcher(RECORD_BYTES);
    for (int i = 0; i < 5; i++) {
      awaitIn("rest");
      rest();
      awaitIn("awaitRoom");
      expect(fetcher, i);
    }
  }

  @Test
  void seek_endsTheRest() throws Exception {
    var fetcher = fetcher(RECORDS * RECORD_BYTES);
    expect(fetcher, 0);
    awaitIn("rest");
    fetcher.reader().seek(7);

    expect(fetcher, 7);
  }

  @Test
  void endOfTheStorage_endsTheRest() throws Exception {
    expect(fetcher(RECORDS * RECORD_BYTES), 0);
    awaitIn("rest");
    // Closed below.
  }
}
