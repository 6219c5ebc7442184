package io.liiklus.storage.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** A pool of one reader, whose thread meets what it cannot deal with. */
class CatchUpReaderPoolFaultTest extends NoTrouble {

  private static final Duration NONE = Duration.ZERO;
  private static final Duration TURN = Duration.ofMillis(100);

  private final List<CatchUpReader> started = new ArrayList<>();
  private final List<KafkaException> refused = new ArrayList<>();
  private boolean isOwnerFailing;
  private final StandingFaults faults = new StandingFaults(() -> 0);
  private final TailCaches caches =
      new TailCaches(
          1,
          this::consumer,
          new TailReader.Bounds(1_000, 1_000, NONE, NONE, NONE, NONE, NONE),
          () -> 0,
          faults);
  private final CatchUpReaderPool pool =
      new CatchUpReaderPool(
          isPaced -> consumer(),
          new CatchUpReaderPool.Bounds(1, NONE, TURN, NONE, NONE, NONE, NONE, 1_000),
          () -> 0,
          CatchUpThrottle.free(),
          faults,
          (reader, number) -> started.add(reader));

  @Test
  void readerThatDies_isReplacedAndItsSubscriptionEnds() {
    wantOne(0);
    wantOne(1);
    var reader = started.remove(0);
    assertThat(reader.begin()).isTrue();

    pool.onDied(reader, new OutOfMemoryError("Java heap space"));

    assertThat(refused).singleElement().asString().contains("Java heap space");
    assertThat(pool.inUse()).isZero();
    assertThat(started).hasSize(1);
    assertThat(started.get(0).begin()).isTrue();
  }

  @Test
  void threadThatCannotEvenTellOfAFault_isReplaced() {
    wantOne(0);
    wantOne(1);
    var reader = started.remove(0);

    // No partition has a log, which the consumer fails at; and so does the owner who is told.
    isOwnerFailing = true;
    reader.run();

    assertThat(pool.inUse()).isZero();
    assertThat(started).hasSize(1);
  }

  private void wantOne(int partition) {
    var id = new TopicPartition("topic", partition);
    var fetcher =
        new PartitionFetcher(
            new PartitionFetcher.Origin(new PartitionLog(id, new Uuid(1, 1)), 0),
            new PrefetchingReader.Limits(1_000, 1_000),
            new PartitionFetcher.Sources(caches, pool),
            this,
            () -> CompletableFuture.failedStage(new IllegalStateException("nobody asks")));
    fetcher.goOn(0, FetchPosition.named(0), false);
  }

  private LogConsumer consumer() {
    return new LogConsumer(Map.of(), new ArrayDeque<>());
  }

  @Override
  public void onRefused(KafkaException failure) {
    if (isOwnerFailing) {
      throw new OutOfMemoryError("Java heap space");
    }
    refused.add(failure);
  }
}
