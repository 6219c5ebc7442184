package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** When the end of a log is polled, and for how long is held what was read there. */
class TailReaderTest {

  private static final TopicPartition ID = new TopicPartition("topic", 0);

  /** For so many followers of one batch it is worth to rest. */
  private static final int MANY = 10;

  private static final Duration COPY = Duration.ofMillis(100);
  private static final Duration TAKEN = Duration.ofSeconds(1);

  private long nowNs;

  private final LogConsumer.Log log = new LogConsumer.Log();
  private final LogConsumer consumer = new LogConsumer(Map.of(ID, log), new ArrayDeque<>());
  private final TailCaches caches =
      new TailCaches(
          1,
          () -> consumer,
          new TailReader.Bounds(
              10_000, 10_000, Duration.ZERO, COPY, TAKEN, Duration.ofSeconds(5), Duration.ZERO),
          () -> nowNs,
          new StandingFaults(() -> nowNs));
  private final TailReader reader = caches.readers().get(0);
  private final TailCache cache =
      caches.open(new PartitionLog(ID, new Uuid(1, 1)), FetchPosition.named(0));

  private void follow(int followers) {
    for (int i = 0; i < followers; i++) {
      var unused = follower();
    }
  }

  private PrefetchingReader follower() {
    var follower =
        new PrefetchingReader(
            0, 0, new PrefetchingReader.Limits(1_000, 1_000), new NoFetchListener());
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
    log.records.put(offset, LogConsumer.record(ID, offset, log.epoch, ByteBuffer.allocate(10)));
    log.end = offset + 1;
  }

  @Test
  void aPollThatWentToManyFollowersIsFollowedByARest() {
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
  void aPollThatWentToFewIsFollowedByTheNext() {
    follow(MANY - 1);
    addRecord(0);
    reader.runOnce();
    addRecord(1);

    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isTrue();
  }

  @Test
  void aWakeUpThatComesLateEndsOnePollAndNothingElse() {
    follow(1);
    addRecord(0);
    reader.runOnce();
    addRecord(1);
    consumer.wakeup();

    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isFalse();
    reader.runOnce();
    assertThat(cache.hasComeTo(2)).isTrue();
  }

  @Test
  void whatAllHaveTakenIsHeldForAWhile() {
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
  void whatSomebodyHasNotTakenIsHeldForAnyTime() {
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
  void whatWasReadIsHeldWhereNobodyFollowsForTheMoment() {
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
  void nothingLeadsToWhatHasGone() throws ReflectiveOperationException {
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
