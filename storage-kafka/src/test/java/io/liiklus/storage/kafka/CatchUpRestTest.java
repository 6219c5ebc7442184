package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A catch-up reader on its thread that has to rest, by a clock that only the test turns. */
class CatchUpRestTest {

  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final int RECORDS = 20;

  /** So many that each of them is to be paid for by a rest, at the lowest limit. */
  private static final int RECORD_BYTES = 2_000_000;

  private static final CatchUpThrottle.Bounds BOUNDS = new CatchUpThrottle.Bounds(0.6, 8_000_000);
  private static final Duration COPY = Duration.ofMillis(100);
  private static final Duration POLL = Duration.ofMillis(1);
  private static final Duration WAIT = Duration.ofSeconds(30);

  private final AtomicLong nowNs = new AtomicLong();
  private final LogConsumer.Log log = new LogConsumer.Log();
  private final CatchUpThrottle pace =
      new CatchUpThrottle(BOUNDS, () -> new CatchUpThrottle.Load(1, 1), atNs -> true, nowNs::get);
  private final TailCaches caches =
      new TailCaches(
          1,
          this::consumer,
          new TailReader.Bounds(1_000, 1_000, POLL, COPY, COPY, COPY, Duration.ZERO),
          nowNs::get,
          new StandingFaults(nowNs::get));
  private final CatchUpReaderPool pool =
      new CatchUpReaderPool(
          this::consumer,
          new CatchUpReaderPool.Bounds(
              1, POLL, COPY, POLL, POLL, POLL, Duration.ZERO, RECORD_BYTES),
          nowNs::get,
          pace,
          new StandingFaults(nowNs::get),
          (reader, number) -> start(reader));

  private record Opened(boolean isPaced, LogConsumer consumer) {}

  private final List<Opened> opened = new CopyOnWriteArrayList<>();

  private volatile Thread thread;

  CatchUpRestTest() {
    var value = ByteBuffer.allocate(RECORD_BYTES);
    for (long offset = 0; offset < RECORDS; offset++) {
      log.records.put(offset, LogConsumer.record(ID, offset, log.epoch, value));
    }
    log.end = RECORDS;
    while (pace.limit() != BOUNDS.lowestLimit()) {
      nowNs.addAndGet(CatchUpThrottle.LOOK.toNanos());
      pace.restNs(RECORD_BYTES, 0);
    }
  }

  private LogConsumer consumer(boolean isPaced) {
    var consumer = consumer();
    opened.add(new Opened(isPaced, consumer));
    return consumer;
  }

  private LogConsumer consumer() {
    return new LogConsumer(Map.of(ID, log), new ArrayDeque<>());
  }

  private void start(CatchUpReader reader) {
    thread = new Thread(reader, "reader-of-the-test");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * @param heldBytes how much its hand-off may hold
   */
  private PartitionFetcher fetcher(long heldBytes) {
    var fetcher =
        new PartitionFetcher(
            new PartitionFetcher.Origin(new PartitionLog(ID, new Uuid(1, 1)), 0),
            new PrefetchingReader.Limits(heldBytes, COPY.toNanos()),
            new PartitionFetcher.Sources(caches, pool),
            new NoTrouble(),
            () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
    fetcher.goOn(0, FetchPosition.named(0), false);
    return fetcher;
  }

  private static void expect(PartitionFetcher fetcher, long offset) throws Exception {
    CompletableFuture<RecordBatch> read = fetcher.prefetch().read().toCompletableFuture();
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

  private void awaitFetched(long records) {
    await().atMost(WAIT).until(() -> pool.fetched() == records);
  }

  private void rest() {
    nowNs.addAndGet(CatchUpThrottle.LONGEST_REST.toNanos());
  }

  @AfterEach
  void endReaders() throws InterruptedException {
    pool.close();
    thread.join(WAIT.toMillis());
    assertThat(thread.isAlive()).isFalse();
  }

  @Test
  void itReadsOnWhenTheRestIsOver() throws Exception {
    var fetcher = fetcher(RECORDS * RECORD_BYTES);
    for (int i = 0; i < 5; i++) {
      expect(fetcher, i);
      awaitIn("rest");
      assertThat(pool.fetched()).isEqualTo(i + 1);
      rest();
    }
  }

  @Test
  void itFetchesLittleAtATimeWhileItIsSlowedDown() throws Exception {
    // Each poll fills it.
    var fetcher = fetcher(RECORD_BYTES);
    awaitIn("rest");
    // That all of the limit is made use of is found by the next look.
    rest();
    expect(fetcher, 0);
    awaitFetched(2);
    assertThat(opened).extracting(Opened::isPaced).containsExactly(false);

    awaitIn("rest");
    rest();
    expect(fetcher, 1);
    awaitFetched(3);
    assertThat(opened).extracting(Opened::isPaced).containsExactly(false, true);
    assertThat(opened.get(0).consumer().assignment()).isEmpty();

    // So long without a look that all begins anew, and that what was not wanted is closed.
    awaitIn("rest");
    rest();
    awaitIn("awaitRoom");
    nowNs.addAndGet(CatchUpThrottle.PAUSE.toNanos());
    awaitIn("take");
    assertThat(opened.get(0).consumer().closed()).isTrue();
    expect(fetcher, 2);
    awaitFetched(4);
    assertThat(opened).extracting(Opened::isPaced).containsExactly(false, true, false);
    assertThat(opened.get(1).consumer().assignment()).isEmpty();

    endReaders();
    assertThat(opened).allMatch(each -> each.consumer().closed());
  }

  @Test
  void itRestsThoughItWasJustToldOfRoom() throws Exception {
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
  void aSeekEndsIt() throws Exception {
    var fetcher = fetcher(RECORDS * RECORD_BYTES);
    expect(fetcher, 0);
    awaitIn("rest");
    fetcher.prefetch().seek(7);

    expect(fetcher, 7);
  }

  @Test
  void theEndOfTheStorageEndsIt() throws Exception {
    expect(fetcher(RECORDS * RECORD_BYTES), 0);
    awaitIn("rest");
    // Closed below.
  }
}
