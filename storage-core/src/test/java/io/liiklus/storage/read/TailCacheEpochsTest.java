package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may read from a cache, where leaders may have cut what they have read. */
class TailCacheEpochsTest {

  private static final LogId LOG = new LogId("topic", 0, "1");

  private final FakeLog log = new FakeLog();
  private final SteppedReading reading =
      new SteppedReading(
          new ReadSettings(1_000, 1, 1_000, 1_000, 1, 1_000, 100),
          FakeLogReader.readers(Map.of(LOG, log)),
          Duration.ZERO,
          () -> 0);
  private final TailCaches caches = reading.reading().caches();
  private final PrefetchingReader follower = new NoListener().reader();

  @Test
  void readerOfRecordsCutByANewLeader_doesNotJoin() {
    var cache = cache(3, 0);
    append(cache, 1, 3, 7);

    assertThat(attach(cache, 5, 0)).isNull();
    assertThat(attach(cache, 8, 0)).isNull();
  }

  @Test
  void readerUnderTheSameLeaders_joins() {
    var cache = cache(3, 0);
    append(cache, 1, 3, 7);

    assertThat(attach(cache, 3, 0)).isNotNull();
    assertThat(attach(cache, 5, 1)).isNotNull();
    assertThat(attach(cache, 8, 1)).isNotNull();
  }

  @Test
  void readerUnderANewerLeader_joinsWhereNothingOlderFollows() {
    var cache = cache(3, 0);
    assertThat(attach(cache, 3, 1)).isNotNull();
    append(cache, 0, 3, 7);

    assertThat(attach(cache, 3, 1)).isNull();
    assertThat(attach(cache, 5, 1)).isNull();
    assertThat(attach(cache, 8, 1)).isNotNull();
  }

  @Test
  void readerWithoutLeader_joinsAndFollowsTheCachesLogFromThere() {
    var cache = cache(3, 0);
    append(cache, 1, 3, 7);

    assertThat(attach(cache, 3, FetchPosition.UNKNOWN).next()).isEqualTo(new FetchPosition(3, 0));
    assertThat(attach(cache, 5, FetchPosition.UNKNOWN).next()).isEqualTo(new FetchPosition(5, 1));
  }

  @Test
  void readerThatKnowsOneLeader_doesNotJoinWithinABatchOfTwo() {
    var cache = cache(3, 0);
    append(cache, new FakeBatch(List.of(record(3, 0), record(4, 0), record(5, 1))));

    assertThat(attach(cache, 4, 0)).isNull();
    assertThat(attach(cache, 6, 1)).isNotNull();
  }

  @Test
  void evictedReader_knowsTheLeaderOfItsLastBatch() {
    var cache = cache(3, 0);
    var cursor = attach(cache, 3, 0);
    append(cache, 1, 3, 7);

    cursor.advance(cursor.peek());

    assertThat(cursor.next()).isEqualTo(new FetchPosition(8, 1));
  }

  @Test
  void unfilledCache_beginsAgainForAReaderThatKnowsAnOlderLeader() {
    log.end = 5;
    var cache = caches.open(LOG, new FetchPosition(5, 1));
    assertThat(attach(cache, 5, 0)).isNull();

    caches.open(LOG, new FetchPosition(5, 0));
    reading.turnTail(0);

    assertThat(attach(cache, 5, 0)).isNotNull();
    log.cut(3);
    log.end = 8;
    reading.turnTail(0);
    assertThat(cache.isDropped()).isTrue();
  }

  private TailCache cache(long start, int epoch) {
    return new TailCache(LOG, new FetchPosition(start, epoch), caches);
  }

  private Cursor attach(TailCache cache, long offset, int epoch) {
    return cache.attach(follower, 0, new FetchPosition(offset, epoch));
  }

  private static void append(TailCache cache, int epoch, long first, long last) {
    append(cache, FakeBatch.of(epoch, first, last));
  }

  private static void append(TailCache cache, FetchedBatch batch) {
    cache.append(batch, 0, 1_000);
  }

  private static FakeLog.Entry record(long offset, int epoch) {
    return new FakeLog.Entry(offset, epoch, ByteBuffer.allocate(10));
  }
}
