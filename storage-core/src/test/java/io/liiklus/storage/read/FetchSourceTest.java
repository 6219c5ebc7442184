package io.liiklus.storage.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.storage.read.FetchState.Event;
import io.liiklus.storage.read.PrefetchingReader.Seek;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each event in each state. */
class FetchSourceTest {

  private static final LogId LOG = new LogId("topic", 0, "1");
  private static final FetchPosition START = FetchPosition.named(0);

  /** The table: {@code -} where the event is dropped. */
  private static final String TABLE =
      """
                   RESUMED     SOUGHT      TAIL_REACHED TAIL_LOST   TAIL_CUT TROUBLE CLOSED
      STOPPED      CATCHING_UP CATCHING_UP -            -           -        -       ENDED
      CATCHING_UP  -           CATCHING_UP AT_TAIL      -           -        STOPPED ENDED
      AT_TAIL      -           CATCHING_UP -            CATCHING_UP STOPPED  -       ENDED
      ENDED        -           -           -            -           -        -       ENDED
      """;

  private final SteppedReading reading =
      new SteppedReading(
          new ReadSettings(1_000, 1, 1_000, 1_000, 1, 1_000, 100),
          FakeLogReader.readers(Map.of(LOG, new FakeLog())),
          Duration.ZERO,
          () -> 0);
  private final PartitionFetcher fetcher =
      reading.fetcher(
          LOG,
          0,
          new NoTrouble(),
          () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
  private final PrefetchingReader reader = fetcher.prefetch();
  private final FetchSource source = new FetchSource(fetcher, reading.reading(), reader, 0);

  static Stream<Arguments> table() {
    var lines = TABLE.strip().lines().map(line -> line.strip().split(" +")).toList();
    var events = lines.get(0);
    return lines.stream()
        .skip(1)
        .flatMap(
            line ->
                Stream.iterate(1, i -> i < line.length, i -> i + 1)
                    .map(
                        i ->
                            Arguments.of(
                                FetchState.valueOf(line[0]),
                                Event.valueOf(events[i - 1]),
                                line[i].equals("-") ? null : FetchState.valueOf(line[i]))));
  }

  @Test
  void table_hasEachEventInEachState() {
    assertThat(table()).hasSize(FetchState.values().length * Event.values().length);
  }

  @ParameterizedTest
  @MethodSource("table")
  void event_leadsToTheStateOfTheTable(FetchState from, Event event, FetchState to) {
    assertThat(from.after(event)).isEqualTo(to);

    bringTo(from);
    fire(event);

    var reached = to == null ? from : to;
    assertThat(source.state()).isEqualTo(reached);
    assertThat(reading.isAtTail(LOG)).isEqualTo(reached == FetchState.AT_TAIL);
  }

  private void bringTo(FetchState state) {
    switch (state) {
      case STOPPED -> {}
      case CATCHING_UP -> source.resume(0, START, false);
      case AT_TAIL -> source.resume(0, START, true);
      case ENDED -> source.end();
    }
    assertThat(source.state()).isEqualTo(state);
  }

  private void fire(Event event) {
    switch (event) {
      case RESUMED -> source.resume(source.generation());
      case SOUGHT -> source.seek(new Seek(source.generation() + 1, 5));
      case TAIL_REACHED -> source.advance(START, reading.reading().caches().open(LOG, START));
      case TAIL_LOST -> source.leave(cursor());
      case TAIL_CUT -> {
        var cursor = cursor();
        cursor.cache().dropOutOfRange();
        source.leave(cursor);
      }
      case TROUBLE -> source.stop(new FetchOutcome.MachineFault(null));
      case CLOSED -> source.end();
    }
  }

  /** As the reader has it that follows the cache, if it does. */
  private Cursor cursor() {
    var caches = reading.reading().caches();
    var found = caches.find(LOG);
    boolean isFollowed = found != null;
    var cache = isFollowed ? found : new TailCache(LOG, START, caches);
    return cache.attach(reader, source.generation(), START);
  }

  @Test
  void seek_ofTheGenerationThatIsFollowed_isDropped() {
    bringTo(FetchState.AT_TAIL);
    source.seek(new Seek(source.generation(), 5));
    assertThat(source.state()).isEqualTo(FetchState.AT_TAIL);
    assertThat(source.position()).isEqualTo(START);
  }

  @Test
  void cursorOfAnEarlierSeek_isDropped() {
    bringTo(FetchState.AT_TAIL);
    var cache = reading.reading().caches().find(LOG);
    var earlier = cache.attach(reader, source.generation() - 1, START);
    assertThat(source.leave(earlier)).isFalse();
    assertThat(source.state()).isEqualTo(FetchState.AT_TAIL);
  }

  @Test
  void unreadableRecord_isNotReadAgain() {
    bringTo(FetchState.CATCHING_UP);
    source.stop(new FetchOutcome.Unreadable(LOG, 7, "crc", null));
    assertThat(source.position().offset()).isEqualTo(8);
  }

  @Test
  void resumption_thatFindsTheSameOffset_keepsItsEpoch() {
    bringTo(FetchState.CATCHING_UP);
    var known = new FetchPosition(7, 3);
    source.advance(known, null);
    source.stop(new FetchOutcome.MachineFault(null));
    source.resume(source.generation(), FetchPosition.named(7), false);
    assertThat(source.position()).isEqualTo(known);
  }
}
