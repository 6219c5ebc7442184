package io.liiklus.storage.kafka.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** When what is held is copied, so that it pins no fetch. */
class SeekingTest {

  private final SteppedSubscription earliest = new SteppedSubscription(AutoOffsetReset.EARLIEST, 4);

  @Test
  void unreadRecords_areCopiedOutOfTheirFetch() {
    earliest.log(0, 0, 0);
    addSliceOfALargeFetch(0);
    earliest.assign(0);

    var batch = earliest.readers.get(0).read().toCompletableFuture().join();

    assertThat(batch.value(0).remaining()).isEqualTo(10);
    assertThat(batch.value(0).array().length).isLessThan(1_000);
  }

  @Test
  void recordsReadSoon_areNotCopied() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    var reader = earliest.readers.get(0);
    var first = reader.read().toCompletableFuture();
    addSliceOfALargeFetch(0);
    assertThat(first.join().value(0).array().length).isEqualTo(1_000_000);

    addSliceOfALargeFetch(1);
    var second = reader.read().toCompletableFuture().join();
    assertThat(second.value(0).array().length).isEqualTo(1_000_000);
  }

  @Test
  void recordsLeftByAReader_areCopiedInTime() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    var reader = earliest.readers.get(0);
    var first = reader.read().toCompletableFuture();
    addSliceOfALargeFetch(0);
    addSliceOfALargeFetch(1);
    assertThat(first.join().offset(0)).isZero();

    earliest.clockNs += SteppedSubscription.COPY.toNanos();
    earliest.turn();

    var second = reader.read().toCompletableFuture().join();
    assertThat(second.offset(0)).isEqualTo(1);
    assertThat(second.value(0).array().length).isLessThan(1_000);
  }

  private void addSliceOfALargeFetch(long offset) {
    var fetch = ByteBuffer.allocate(1_000_000);
    earliest.add(0, offset, fetch.slice(0, 10));
    earliest.turn();
  }
}
