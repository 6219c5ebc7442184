package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.AutoOffsetReset;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** When hand-offs pause their partitions, and when they copy what they hold. */
class HandOffTest {

  private final SteppedLoop earliest = new SteppedLoop(AutoOffsetReset.EARLIEST, 4);

  @Test
  void aPartitionIsPausedWhenItsHandOffIsFullAndResumedWhenHalfIsGone() {
    earliest.log(0, 0, 100);
    earliest.assign(0);
    var reader = earliest.readers.get(0);
    for (int offset = 0; offset < 4; offset++) {
      assertThat(earliest.isPaused(0)).isFalse();
      earliest.addRecord(0, offset, SteppedLoop.HAND_OFF_BYTES / 4);
      earliest.turn();
    }
    assertThat(earliest.isPaused(0)).isTrue();

    assertThat(offsets(reader.read())).containsExactly(0L);
    earliest.turn();
    assertThat(earliest.isPaused(0)).isTrue();
    assertThat(offsets(reader.read())).containsExactly(1L);
    assertThat(offsets(reader.read())).containsExactly(2L);
    earliest.turn();
    assertThat(earliest.isPaused(0)).isFalse();
  }

  @Test
  void aPartitionIsNotPausedMerelyBecauseNobodyReads() {
    earliest.log(0, 0, 100);
    earliest.assign(0);
    earliest.addRecord(0, 0, 10);

    earliest.turn();

    assertThat(earliest.isPaused(0)).isFalse();
    assertThat(earliest.readers.get(0).hasRecords()).isTrue();
  }

  @Test
  void aFullPartitionHoldsUpNoOtherForLong() {
    earliest.log(0, 0, 100);
    earliest.log(1, 0, 100);
    earliest.assign(0, 1);
    fill(0, 0);
    earliest.turn();
    earliest.clockNs += SteppedLoop.HOLD.toNanos();
    earliest.addRecord(1, 0, 10);
    earliest.turn();

    assertThat(earliest.isPaused(0)).isTrue();
    assertThat(offsets(earliest.readers.get(1).read())).containsExactly(0L);
  }

  @Test
  void idleNeighboursOfAPartitionThatGotFullAreHeldUntilItHasRoom() {
    earliest.log(0, 0, 100);
    earliest.log(1, 0, 100);
    earliest.assign(0, 1);
    fill(0, 0);
    earliest.turn();
    assertThat(earliest.isPaused(1)).isTrue();

    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(0L);
    earliest.turn();

    assertThat(earliest.isPaused(0)).isFalse();
    assertThat(earliest.isPaused(1)).isFalse();
  }

  @Test
  void neighboursThatHaveRecordsAreNotHeld() {
    earliest.log(0, 0, 100);
    earliest.log(1, 0, 100);
    earliest.assign(0, 1);
    earliest.addRecord(1, 0, 10);
    earliest.turn();
    fill(0, 0);
    earliest.turn();

    assertThat(earliest.isPaused(0)).isTrue();
    assertThat(earliest.isPaused(1)).isFalse();
  }

  @Test
  void whatNobodyReadsIsCopiedOutOfItsFetch() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    addSliceOfALargeFetch(0);

    var batch = earliest.readers.get(0).read().toCompletableFuture().join();

    assertThat(batch.value(0).remaining()).isEqualTo(10);
    assertThat(batch.value(0).array().length).isLessThan(1_000);
  }

  @Test
  void whatIsReadSoonIsNotCopied() {
    earliest.log(0, 0, 10);
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
  void whatAReaderLeavesIsCopiedInTime() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    var reader = earliest.readers.get(0);
    var first = reader.read().toCompletableFuture();
    addSliceOfALargeFetch(0);
    addSliceOfALargeFetch(1);
    assertThat(first.join().offset(0)).isZero();

    earliest.clockNs += SteppedLoop.COPY.toNanos();
    earliest.turn();

    var second = reader.read().toCompletableFuture().join();
    assertThat(second.offset(0)).isEqualTo(1);
    assertThat(second.value(0).array().length).isLessThan(1_000);
  }

  private void addSliceOfALargeFetch(long offset) {
    var fetch = ByteBuffer.allocate(1_000_000);
    earliest.consumer.addRecord(
        new ConsumerRecord<>(SteppedLoop.TOPIC, 0, offset, null, fetch.slice(0, 10)));
    earliest.turn();
  }

  private void fill(int partition, long offset) {
    earliest.addRecord(partition, offset, SteppedLoop.HAND_OFF_BYTES);
  }
}
