package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** When the end of a log is polled, and for how long is held what was read there. */
class TailReaderTest {

  private static final LogId LOG = new LogId("topic", 0, "1");

  /** For so many followers of one batch it is worth to rest. */
  private static final int MANY = 10;

  private static final Duration COPY = Duration.ofMillis(100);
  private static final Duration TAKEN = Duration.ofSeconds(1);

  private long nowNs;

  private final FakeLog log = new FakeLog();
  private final FakeLogReader logReader = new FakeLogReader(Map.of(LOG, log));
  private final SteppedReading reading =
      new SteppedReading(
          new ReadSettings(1_000, 1, 10_000, 10_000, 1, 1_000, 100),
          new ReadTimings(
              Duration.ZERO, COPY, TAKEN, SteppedReading.LINGER, COPY, COPY, COPY, COPY),
          new FakeLogReaders() {
            @Override
            LogReader open() {
              return logReader;
            }
          },
          () -> nowNs);
  private final TailReader reader = reading.reading().caches().readers().get(0);
  private final TailCache cache = reading.reading().caches().open(LOG, FetchPosition.named(0));

  private void follow(int followers) {
    for (int i = 0; i < followers; i++) {
      var unused = follower();
    }
  }

  private PrefetchingReader follower() {
    var follower = new NoListener().reader();
    follower.follow(cache.attach(follower, 0, FetchPosition.named(0)));
    return follower;
  }

  private static void expect(PrefetchingReader follower, long offset) {
    var read = follower.read().toCompletableFuture();
    assertThat(read).isCompleted();
    assertThat(read.join().offset(0)).isEqualTo(offset);
  }

  private void pass(Duration time) {
    nowNs += time.toNanos();
    reader.runOnce();
  }

  private void addRecord(long offset) {
    log.add(offset, 10);
  }

  @Test
  void pollForManyFollowers_isFollowedByARest() {
    follow(MANY);
    addRecord(0);
    reader.runOnce();
    assertThat(cache.hasComeTo(1)).isTrue();
    addRecord(1);

    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isFalse();
    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isTrue();
  }

  @Test
  void pollForFewFollowers_isFollowedByTheNext() {
    follow(MANY - 1);
    addRecord(0);
    reader.runOnce();
    addRecord(1);

    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isTrue();
  }

  @Test
  void lateWakeUp_endsOnePollAndNothingElse() {
    follow(1);
    addRecord(0);
    reader.runOnce();
    addRecord(1);
    logReader.wakeUp();

    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isFalse();
    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isTrue();
  }

  @Test
  void batchTakenByAll_isHeldForAWhile() {
    var first = follower();
    var second = follower();
    addRecord(0);
    reader.runOnce();
    expect(first, 0);
    expect(second, 0);

    pass(TAKEN.minusNanos(1));
    assertThat(cache.bytes()).isPositive();
    pass(COPY);
    assertThat(cache.bytes()).isZero();

    addRecord(1);
    reader.runOnce();
    expect(first, 1);
    expect(second, 1);
  }

  @Test
  void batchNotTakenByAll_isHeldForAnyTime() {
    var first = follower();
    var second = follower();
    addRecord(0);
    reader.runOnce();
    expect(first, 0);

    pass(TAKEN.multipliedBy(100));
    expect(second, 0);
    pass(COPY);
    assertThat(cache.bytes()).isZero();
  }

  @Test
  void batchWithoutFollowers_isHeldForTheMoment() {
    var follower = follower();
    addRecord(0);
    reader.runOnce();
    expect(follower, 0);
    cache.detach(follower);

    pass(TAKEN.multipliedBy(2));
    assertThat(cache.bytes()).isPositive();
    expect(follower(), 0);
  }

  @Test
  void releasedBatch_isUnreachable() throws ReflectiveOperationException {
    var follower = follower();
    var head = TailCache.class.getDeclaredField("head");
    head.setAccessible(true);
    addRecord(0);
    reader.runOnce();
    expect(follower, 0);
    pass(TAKEN.plus(COPY));
    var first = new WeakReference<>(head.get(cache));
    assertThat(first.get()).isNotNull();

    addRecord(1);
    reader.runOnce();
    expect(follower, 1);
    pass(TAKEN.plus(COPY));
    System.gc();
    assertThat(first.get()).isNull();
  }
}
