package io.liiklus.storage.kafka.group;

import static io.liiklus.storage.kafka.group.SteppedSubscription.id;
import static io.liiklus.storage.read.SteppedReads.failure;
import static io.liiklus.storage.read.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.StorageException.Kind;
import org.junit.jupiter.api.Test;

/** Where records come from, and the moves between, task by task. */
class FetchingTest {

  private final SteppedSubscription earliest = new SteppedSubscription(AutoOffsetReset.EARLIEST, 4);

  @Test
  void groupAtTheEnd_isInTheTailAtOnce() {
    earliest.log(0, 0, 0);
    earliest.assign(0);

    assertThat(earliest.isAtTail(0)).isTrue();
    assertThat(earliest.catchUps).isEmpty();
    earliest.addRecord(0, 0, 10);
    earliest.turn();
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(0L);
  }

  @Test
  void groupBehind_catchesUpAndMovesOverWithoutGapOrRepeat() {
    earliest.log(0, 0, 0);
    for (int offset = 0; offset < 5; offset++) {
      earliest.addRecord(0, offset, 10);
    }
    earliest.assign(0);
    earliest.turn();

    assertThat(earliest.isAtTail(0)).isTrue();
    earliest.addRecord(0, 5, 10);
    earliest.turn();
    earliest.expect(0, 1, 2, 3, 4, 5);
    assertThat(earliest.reading.inUse()).isZero();
  }

  @Test
  void endOffset_mayLieBehindTheLastRecord() {
    // As behind the marker of a transaction.
    earliest.log(0, 0, 0);
    earliest.addRecord(0, 0, 10);
    earliest.log(0, 0, 3);
    earliest.assign(0);
    earliest.turn();

    assertThat(earliest.isAtTail(0)).isTrue();
    earliest.addRecord(0, 3, 10);
    earliest.turn();
    earliest.expect(0, 3);
  }

  @Test
  void invisibleRecords_arePassedOver() {
    earliest.log(0, 0, 0).hidden.put(0L, 5L);
    earliest.logs.get(id(0)).hidden.put(5L, 9L);
    earliest.addRecord(0, 9, 10);
    earliest.assign(0);

    earliest.expect(9);
  }

  @Test
  void batchLargerThanTheTail_isHeldForAMoment() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.addRecord(0, 0, 2 * SteppedSubscription.CACHE_BYTES);
    earliest.turn();
    assertThat(earliest.reading.tailBytes()).isGreaterThan(SteppedSubscription.CACHE_BYTES);

    earliest.clockNs += SteppedSubscription.COPY.toNanos();
    earliest.turnTail();

    assertThat(earliest.reading.tailBytes()).isZero();
    earliest.expect(0);
  }

  @Test
  void idleReader_fallsOutOfTheTailAndCatchesUpLater() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    for (int offset = 0; offset < 20; offset++) {
      earliest.addRecord(0, offset, SteppedSubscription.CACHE_BYTES / 3);
      earliest.turn();
    }

    // What is held ready for it is bounded, and the cache is filled for nobody.
    assertThat(earliest.isAtTail(0)).isFalse();
    earliest.expect(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
    earliest.turn();
    assertThat(earliest.isAtTail(0)).isTrue();
  }

  @Test
  void idleReader_pausesNoPartitionForOthers() {
    earliest.log(0, 0, 0);
    earliest.log(1, 0, 0);
    earliest.assign(0, 1);
    // A fetch is under way for both: a pause of one would keep the next from the other.
    for (int offset = 0; offset < 4; offset++) {
      earliest.addRecord(0, offset, SteppedSubscription.CACHE_BYTES / 3);
      earliest.turn();
      assertThat(earliest.tail.paused()).isEmpty();
    }
    earliest.catchUps.forEach(reader -> assertThat(reader.paused()).isEmpty());
  }

  @Test
  void tailWithoutFollowers_isDropped() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.assign();
    assertThat(earliest.reading.tailCaches()).isEqualTo(1);

    earliest.clockNs += SteppedSubscription.LINGER.toNanos();
    earliest.turn();

    assertThat(earliest.reading.tailCaches()).isZero();
    assertThat(earliest.tail.assignment()).isEmpty();
  }

  @Test
  void laterGroup_entersWhereTheTailHasItsOffset() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    for (int offset = 0; offset < 3; offset++) {
      earliest.addRecord(0, offset, 10);
      earliest.turn();
    }

    earliest.readers.get(0).seek(1);
    earliest.turn();

    assertThat(earliest.catchUps).isEmpty();
    earliest.expect(1, 2);
  }

  @Test
  void seek_endsTheReadAndDropsEarlierFetches() {
    earliest.log(0, 0, 0);
    for (int offset = 0; offset < 60; offset++) {
      earliest.addRecord(0, offset, 10);
    }
    earliest.assign(0);
    var reader = earliest.readers.get(0);
    assertThat(reader.hasRecords()).isTrue();
    assertThat(offsets(reader.read())).containsExactly(0L);

    reader.seek(50);
    assertThat(reader.hasRecords()).isFalse();
    var after = reader.read();
    reader.seek(55);
    assertThat(failure(after).kind()).isEqualTo(Kind.CLOSED);
    earliest.turn();
    assertThat(offsets(reader.read())).containsExactly(55L);
  }

  @Test
  void seekBehindTheTail_catchesUp() {
    earliest.log(0, 0, 0);
    earliest.addRecord(0, 0, 10);
    earliest.resumes.put(0, 1L);
    earliest.assign(0);
    assertThat(earliest.isAtTail(0)).isTrue();

    earliest.readers.get(0).seek(0);
    earliest.turn();

    earliest.expect(0);
  }

  @Test
  void seekBeyondTheEnd_isNotWaitedForInTheTail() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.addRecord(0, 0, 10);
    earliest.turn();
    assertThat(earliest.isAtTail(0)).isTrue();

    earliest.readers.get(0).seek(100);
    earliest.turn();

    earliest.expect(0);
    assertThat(earliest.told).endsWith("skipped 0 TRUNCATION 0");
  }

  @Test
  void secondRead_isAProgrammingError() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    var unused = earliest.readers.get(0).read();

    assertThatThrownBy(() -> earliest.readers.get(0).read())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void partitionsPastTheReaders_catchUpInTurn() {
    for (int partition = 0; partition < 4; partition++) {
      earliest.log(partition, 0, 0);
      for (int offset = 0; offset < 12; offset++) {
        earliest.addRecord(partition, offset, 10);
      }
    }
    earliest.assign(0, 1, 2, 3);
    for (int i = 0; i < 20; i++) {
      earliest.clockNs += SteppedSubscription.COPY.toNanos();
      earliest.turn();
      assertThat(earliest.reading.inUse()).isLessThanOrEqualTo(2);
    }

    for (int partition = 0; partition < 4; partition++) {
      assertThat(earliest.isAtTail(partition)).isTrue();
      for (long offset = 0; offset < 12; offset++) {
        assertThat(offsets(earliest.readers.get(partition).read())).containsExactly(offset);
      }
    }
  }

  @Test
  void fullBuffer_releasesItsReaderUntilHalfIsGone() {
    earliest.log(0, 0, 0);
    for (int offset = 0; offset < 12; offset++) {
      earliest.addRecord(0, offset, SteppedSubscription.PREFETCH_BYTES / 4);
    }
    earliest.assign(0);
    earliest.turn();
    assertThat(earliest.reading.inUse()).isZero();

    earliest.expect(0, 1, 2);
    earliest.turn();
    earliest.expect(3, 4, 5, 6);
  }
}
