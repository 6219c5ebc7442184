package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Groups that catch up on one partition, task by task: what is read for one is for the others. */
class SharedCatchUpTest extends NoTrouble {

  private static final TopicPartition ID = new TopicPartition("topic", 0);
  private static final Uuid TOPIC = new Uuid(1, 1);
  private static final Uuid TOPIC_ANEW = new Uuid(1, 2);
  private static final int RECORDS = 40;
  private static final int RECORD_BYTES = 100;
  private static final Duration COPY = Duration.ofMillis(100);

  /** Four records, of which each poll gives one. */
  private static final PrefetchingReader.Limits LIMITS =
      new PrefetchingReader.Limits(4 * RECORD_BYTES, COPY.toNanos());

  private final LogConsumer.Log log = new LogConsumer.Log();
  private final List<CatchUpReader> started = new ArrayList<>();
  private final List<Long> cuts = new ArrayList<>();

  /** What the owner does about cuts. */
  private final List<Runnable> later = new ArrayList<>();

  private final TailCaches caches =
      new TailCaches(
          1,
          this::consumer,
          new TailReader.Bounds(1_000, 1_000, Duration.ZERO, COPY, COPY, COPY, Duration.ZERO),
          () -> 0,
          new StandingFaults(() -> 0));
  private final CatchUpReaderPool pool =
      new CatchUpReaderPool(
          isPaced -> consumer(),
          new CatchUpReaderPool.Bounds(
              1,
              Duration.ZERO,
              COPY,
              Duration.ZERO,
              Duration.ZERO,
              Duration.ofNanos(1),
              Duration.ZERO,
              10 * RECORD_BYTES),
          () -> 0,
          CatchUpThrottle.free(),
          new StandingFaults(() -> 0),
          (reader, number) -> started.add(reader));

  SharedCatchUpTest() {
    for (long offset = 0; offset < RECORDS; offset++) {
      add(offset, RECORD_BYTES);
    }
  }

  private void add(long offset, int bytes) {
    var value = ByteBuffer.allocate(bytes);
    log.records.put(offset, LogConsumer.record(ID, offset, log.epoch, value));
    log.end = offset + 1;
  }

  private LogConsumer consumer() {
    return new LogConsumer(Map.of(ID, log), new ArrayDeque<>());
  }

  private PartitionFetcher fetcher(long from) {
    return fetcher(from, TOPIC);
  }

  private PartitionFetcher fetcher(long from, Uuid topicId) {
    return fetcher(from, new PartitionLog(ID, topicId));
  }

  private PartitionFetcher fetcher(long from, PartitionLog log) {
    var fetcher =
        new PartitionFetcher(
            new PartitionFetcher.Origin(log, from),
            LIMITS,
            new PartitionFetcher.Sources(caches, pool),
            this,
            () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
    fetcher.goOn(0, FetchPosition.named(from), false);
    return fetcher;
  }

  /** Until the reader has nothing more to do. */
  private void turn() {
    do {
      for (var reader : List.copyOf(started)) {
        started.remove(reader);
        while (reader.begin()) {
          while (reader.runOnce()) {}
        }
      }
      var due = List.copyOf(later);
      later.clear();
      due.forEach(Runnable::run);
    } while (!started.isEmpty());
  }

  private void expect(PartitionFetcher fetcher, long from, long to) {
    for (long offset = from; offset < to; offset++) {
      var read = fetcher.prefetch().read();
      turn();
      assertThat(offsets(read)).containsExactly(offset);
    }
  }

  @Test
  void groupsAtOneOffsetReadEachRecordOnce() {
    var first = fetcher(0);
    var second = fetcher(0);
    turn();
    for (long offset = 0; offset < 20; offset++) {
      expect(first, offset, offset + 1);
      expect(second, offset, offset + 1);
    }

    assertThat(pool.fetched()).isBetween(20L, 24L);
  }

  @Test
  void aGroupThatIsALittleBehindTakesWhatWasReadForTheOther() {
    var first = fetcher(0);
    var second = fetcher(0);
    turn();
    // Half of the second's is still full when the first one wants more.
    expect(first, 0, 6);
    expect(second, 0, 6);

    assertThat(pool.fetched()).isLessThanOrEqualTo(10);
  }

  @Test
  void whatAReaderBringsLaterThanAnotherGroupsReadIsDropped() {
    var first = fetcher(0);
    fetcher(0);
    var task = first.task();
    var consumer = consumer();
    consumer.assign(List.of(ID));
    task.position().seek(consumer, ID);
    var polled = consumer.poll(Duration.ZERO);
    var next = task.position().behind(polled, ID);
    turn();

    var batch = new KafkaRecordBatch(polled.records(ID), false);
    first.offer(task, next, Fetch.of(task.position(), next, batch));

    expect(first, 0, 10);
  }

  @Test
  void groupsOnALogThatGivesNothingLeaveReadersToOthers() {
    fetcher(5);
    var behind = fetcher(2);
    var elsewhere = fetcher(0, new PartitionLog(new TopicPartition("elsewhere", 0), TOPIC));
    var reader = started.get(0);
    var turns = new ArrayList<PartitionFetcher>();
    for (int turn = 0; turn < 3; turn++) {
      var given = pool.takeWaiting(reader);
      turns.add(given);
      pool.giveBack(given, reader, true);
    }

    assertThat(turns).startsWith(behind).contains(elsewhere);
  }

  @Test
  void aGroupComesToWhereTheOtherHasRead() {
    var ahead = fetcher(5);
    var behind = fetcher(2);
    turn();
    expect(ahead, 5, 9);
    expect(behind, 2, 12);
    expect(ahead, 9, 12);

    assertThat(pool.fetched()).isLessThanOrEqualTo(16);
  }

  @Test
  void aGroupThatStandsStillHoldsUpNobodyAndMissesNothing() {
    var still = fetcher(0);
    var other = fetcher(0);
    turn();
    expect(other, 0, 30);
    expect(still, 0, 30);
  }

  @Test
  void whatIsFarAheadIsNotKept() {
    var behind = fetcher(0);
    var ahead = fetcher(20);
    turn();
    var sharedScan = pool.join(ahead);

    assertThat(sharedScan.find(FetchPosition.named(20))).isNull();
    assertThat(sharedScan.find(FetchPosition.named(2))).isNull();
    expect(behind, 0, 3);
    expect(ahead, 20, 23);
  }

  @Test
  void nothingIsKeptForAGroupAlone() {
    var alone = fetcher(0);
    var other = fetcher(0);
    turn();
    other.end(new StorageException(Kind.REVOKED, "revoked"));
    expect(alone, 0, 4);

    assertThat(pool.join(alone).find(FetchPosition.named(3))).isNull();
  }

  @Test
  void aTopicThatWasMadeAnewIsReadForItself() {
    var before = fetcher(0);
    turn();
    var anew = fetcher(0, TOPIC_ANEW);
    turn();

    expect(before, 0, 4);
    expect(anew, 0, 4);
    assertThat(pool.fetched()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void aSeekGoesWhereItSays() {
    var first = fetcher(0);
    var second = fetcher(0);
    turn();
    expect(first, 0, 2);
    second.prefetch().seek(10);
    turn();
    expect(second, 10, 14);
    second.prefetch().seek(1);
    turn();

    expect(second, 1, 8);
    expect(first, 2, 8);
  }

  @Test
  void whatANewLeaderCutIsNotReadOutOfWhatWasKept() {
    var first = fetcher(0);
    var second = fetcher(0);
    var third = fetcher(0);
    turn();
    expect(first, 0, 4);
    log.cut(6);
    for (long offset = 6; offset < RECORDS; offset++) {
      add(offset, RECORD_BYTES / 2);
    }

    for (var fetcher : List.of(second, third, first)) {
      var read = readToEnd(fetcher);
      // What was ready before the cut comes first.
      assertThat(read.subList(read.lastIndexOf(6L), read.size()))
          .containsExactlyElementsOf(LongStream.range(6, RECORDS).boxed().toList());
    }
    assertThat(cuts).isNotEmpty().containsOnly(6L);
  }

  private List<Long> readToEnd(PartitionFetcher fetcher) {
    var all = new ArrayList<Long>();
    while (!all.contains(RECORDS - 1L) && all.size() < 3 * RECORDS) {
      var read = fetcher.prefetch().read();
      turn();
      all.addAll(offsets(read));
    }
    return all;
  }

  @Override
  public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
    cuts.add(cutAt);
    later.add(() -> fetcher.goOn(generation, FetchPosition.named(cutAt), false));
  }
}
