package io.liiklus.storage.read;

import static io.liiklus.storage.read.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Groups that catch up on one partition, task by task: what is read for one is for the others. */
class SharedCatchUpTest extends NoTrouble {

  private static final LogId LOG = new LogId("topic", 0, "1");
  private static final LogId LOG_ANEW = new LogId("topic", 0, "2");
  private static final LogId ELSEWHERE = new LogId("elsewhere", 0, "1");
  private static final int RECORDS = 40;
  private static final int RECORD_BYTES = 100;

  private final FakeLog log = new FakeLog();
  private final List<Long> cuts = new ArrayList<>();

  /** What the owner does about cuts. */
  private final List<Runnable> later = new ArrayList<>();

  /** A prefetch of four records, of which each fetch gives one. */
  private final SteppedReading reading =
      new SteppedReading(
          new ReadSettings(4 * RECORD_BYTES, 1, 1_000, 1_000, 1, 10 * RECORD_BYTES, 100),
          FakeLogReader.readers(Map.of(LOG, log, LOG_ANEW, log, ELSEWHERE, new FakeLog())),
          Duration.ZERO,
          () -> 0);

  SharedCatchUpTest() {
    for (long offset = 0; offset < RECORDS; offset++) {
      log.add(offset, RECORD_BYTES);
    }
  }

  private PartitionFetcher fetcher(long from) {
    return fetcher(from, LOG);
  }

  private PartitionFetcher fetcher(long from, LogId of) {
    var fetcher =
        reading.fetcher(
            of,
            from,
            this,
            () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
    fetcher.resume(0, FetchPosition.named(from), false);
    return fetcher;
  }

  /** Until the readers have nothing more to do. */
  private void turn() {
    do {
      reading.turnAll();
      var due = List.copyOf(later);
      later.clear();
      due.forEach(Runnable::run);
    } while (reading.catchUps() > 0);
  }

  private void expect(PartitionFetcher fetcher, long from, long to) {
    for (long offset = from; offset < to; offset++) {
      var read = fetcher.prefetch().read();
      turn();
      assertThat(offsets(read)).containsExactly(offset);
    }
  }

  @Test
  void groupsAtOneOffset_readEachRecordOnce() {
    var first = fetcher(0);
    var second = fetcher(0);
    turn();
    for (long offset = 0; offset < 20; offset++) {
      expect(first, offset, offset + 1);
      expect(second, offset, offset + 1);
    }

    assertThat(reading.caughtUp()).isBetween(20L, 24L);
  }

  @Test
  void groupALittleBehind_takesTheBatchesReadForTheOther() {
    var first = fetcher(0);
    var second = fetcher(0);
    turn();
    // Half of the second's is still full when the first one wants more.
    expect(first, 0, 6);
    expect(second, 0, 6);

    assertThat(reading.caughtUp()).isLessThanOrEqualTo(10);
  }

  @Test
  void fetchOvertakenByAnotherGroup_isDropped() {
    var first = fetcher(0);
    fetcher(0);
    var task = first.task();
    var next = FetchPosition.named(1);
    turn();

    first.offer(task, next, Fetch.of(task.position(), next, FakeBatch.of(0, 0, 0)));

    expect(first, 0, 10);
  }

  @Test
  void groupsOnASilentLog_leaveReadersToOthers() {
    fetcher(5);
    var behind = fetcher(2);
    var elsewhere = fetcher(0, ELSEWHERE);
    var pool = reading.reading().pool();
    var worker = new CatchUpReader(pool, reading.reading());
    var turns = new ArrayList<PartitionFetcher>();
    for (int turn = 0; turn < 3; turn++) {
      var given = pool.takeWaiting(worker);
      turns.add(given);
      pool.giveBack(given, worker, true);
    }

    assertThat(turns).startsWith(behind).contains(elsewhere);
  }

  @Test
  void group_arrivesWhereTheOtherHasRead() {
    var ahead = fetcher(5);
    var behind = fetcher(2);
    turn();
    expect(ahead, 5, 9);
    expect(behind, 2, 12);
    expect(ahead, 9, 12);

    assertThat(reading.caughtUp()).isLessThanOrEqualTo(16);
  }

  @Test
  void standingGroup_holdsUpNobodyAndMissesNothing() {
    var still = fetcher(0);
    var other = fetcher(0);
    turn();
    expect(other, 0, 30);
    expect(still, 0, 30);
  }

  @Test
  void batchesFarAhead_areNotKept() {
    var behind = fetcher(0);
    var ahead = fetcher(20);
    turn();
    var sharedScan = reading.reading().scans().find(LOG);

    assertThat(sharedScan.find(FetchPosition.named(20))).isNull();
    assertThat(sharedScan.find(FetchPosition.named(2))).isNull();
    expect(behind, 0, 3);
    expect(ahead, 20, 23);
  }

  @Test
  void loneGroup_keepsNothing() {
    var alone = fetcher(0);
    var other = fetcher(0);
    turn();
    other.end(new StorageException(Kind.REVOKED, "revoked"));
    expect(alone, 0, 4);

    var scan = reading.reading().scans().join(LOG, alone);
    assertThat(scan.find(FetchPosition.named(3))).isNull();
  }

  @Test
  void recreatedTopic_isReadForItself() {
    var before = fetcher(0);
    turn();
    var anew = fetcher(0, LOG_ANEW);
    turn();

    expect(before, 0, 4);
    expect(anew, 0, 4);
    assertThat(reading.caughtUp()).isGreaterThanOrEqualTo(8);
  }

  @Test
  void seek_goesWhereItSays() {
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
  void recordsCutByANewLeader_areNotTakenFromTheKeptOnes() {
    var first = fetcher(0);
    var second = fetcher(0);
    var third = fetcher(0);
    turn();
    expect(first, 0, 4);
    log.cut(6);
    for (long offset = 6; offset < RECORDS; offset++) {
      log.add(offset, RECORD_BYTES / 2);
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
    later.add(() -> fetcher.resume(generation, FetchPosition.named(cutAt), false));
  }

  @Override
  public void onTailOutOfRange(PartitionFetcher fetcher, long generation) {
    fetcher.resume(generation);
  }
}
