package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedLoop.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;

class PollLoopTest {

  private final SteppedLoop earliest = new SteppedLoop(AutoOffsetReset.EARLIEST, 4);

  @Test
  void anAddedPartitionIsPausedUntilItsPositionIsKnown() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 7L);
    earliest.positionsGate = new CompletableFuture<>();

    earliest.assign(0);

    assertThat(earliest.told).containsExactly("asked [0]");
    assertThat(earliest.isPaused(0)).isTrue();

    earliest.positionsGate.complete(null);
    earliest.turn();

    assertThat(earliest.told).endsWith("assigned 0 at 7");
    assertThat(earliest.isPaused(0)).isFalse();
    assertThat(earliest.consumer.position(id(0))).isEqualTo(7);
  }

  @Test
  void aPartitionWithoutAPositionHoldsUpNoOther() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.assign(0);
    earliest.positionsGate = new CompletableFuture<>();
    earliest.assign(0, 1);
    earliest.addRecord(0, 3, 10);

    earliest.turn();

    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(3L);
    assertThat(earliest.isPaused(1)).isTrue();
  }

  @Test
  void onlyThePartitionsHandedToTheCallbackAreTouched() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.assign(0);
    earliest.addRecord(0, 5, 10);
    earliest.turn();

    earliest.assign(0, 1);

    assertThat(earliest.consumer.position(id(0))).isEqualTo(6);
    assertThat(earliest.told)
        .containsExactly("asked [0]", "assigned 0 at 0", "asked [1]", "assigned 1 at 0");
  }

  @Test
  void aPositionThatComesAfterTheRevocationCountsForNothing() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.resumes.put(0, 7L);
    var late = new CompletableFuture<Void>();
    earliest.positionsGate = late;
    earliest.assign(0);
    earliest.assign(1);
    earliest.positionsGate = CompletableFuture.completedFuture(null);
    earliest.resumes.put(0, 9L);
    earliest.assign(0, 1);

    late.complete(null);
    earliest.turn();

    assertThat(earliest.told.stream().filter(told -> told.startsWith("assigned 0")))
        .containsExactly("assigned 0 at 9");
  }

  @Test
  void aRevocationEndsTheReadThenTellsThenGoesOn() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();
    // Never answered: the rebalance goes on after its bound.
    earliest.revocationGate = new CompletableFuture<>();

    earliest.assign();

    assertThat(failure(read).kind()).isEqualTo(Kind.REVOKED);
    assertThat(earliest.told).endsWith("revoked [0]");
    assertThat(failure(earliest.readers.get(0).read()).kind()).isEqualTo(Kind.REVOKED);
  }

  @Test
  void aLossEndsTheReadAndTellsNoRevocation() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.consumer.schedulePollTask(() -> earliest.consumer.losePartitions(List.of(id(0))));
    earliest.turn();

    assertThat(failure(read).kind()).isEqualTo(Kind.LOST);
    assertThat(earliest.told).endsWith("lost [0]").doesNotContain("revoked [0]");
  }

  @Test
  void aPartitionThatComesBackIsReadAnew() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    var before = earliest.readers.get(0);
    fill(0, 0);
    earliest.turn();
    assertThat(earliest.isPaused(0)).isTrue();

    earliest.assign();
    earliest.resumes.put(0, 4L);
    earliest.assign(0);

    assertThat(earliest.readers.get(0)).isNotSameAs(before);
    assertThat(earliest.isPaused(0)).isFalse();
    earliest.addRecord(0, 4, 10);
    earliest.turn();
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(4L);
  }

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
  void aSeekEndsTheReadAndDropsWhatWasFetchedBefore() {
    earliest.log(0, 0, 100);
    earliest.assign(0);
    var reader = earliest.readers.get(0);
    var read = reader.read();
    reader.seek(0);
    assertThat(failure(read).kind()).isEqualTo(Kind.CLOSED);

    earliest.addRecord(0, 0, 10);
    earliest.turn();
    reader.seek(50);
    assertThat(reader.hasRecords()).isFalse();
    var after = reader.read();
    earliest.turn();
    earliest.addRecord(0, 50, 10);
    earliest.turn();

    assertThat(offsets(after)).containsExactly(50L);
  }

  @Test
  void aSecondReadIsAProgrammingError() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    var unused = earliest.readers.get(0).read();

    assertThatThrownBy(() -> earliest.readers.get(0).read())
        .isInstanceOf(IllegalStateException.class);
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

  @Test
  void anUnreadableRecordFailsTheReadsOfItsPartitionAndNoOther() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.assign(0, 1);
    var read = earliest.readers.get(1).read();
    earliest.failPolls(1, 5);

    earliest.turn();
    earliest.addRecord(0, 0, 10);
    earliest.turn();

    var failure = failure(read);
    assertThat(failure.kind()).isEqualTo(Kind.DATA_LOSS);
    assertThat(failure).hasMessageContaining("partition=1 offset=0").hasMessageContaining("crc");
    assertThat(failure(earliest.readers.get(1).read()).kind()).isEqualTo(Kind.DATA_LOSS);
    assertThat(earliest.isPaused(1)).isTrue();
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(0L);
  }

  @Test
  void whatCameBeforeAnUnreadableRecordIsReadAndASeekGoesPastIt() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    earliest.addRecord(0, 0, 10);
    earliest.turn();
    earliest.failPolls(0, 3);
    earliest.turn();

    var reader = earliest.readers.get(0);
    assertThat(offsets(reader.read())).containsExactly(0L);
    assertThat(failure(reader.read())).hasMessageContaining("offset=1");

    reader.seek(2);
    earliest.addRecord(0, 2, 10);
    earliest.turn();

    assertThat(offsets(reader.read())).containsExactly(2L);
    assertThat(earliest.isPaused(0)).isFalse();
  }

  @Test
  void aFailureThatNoPartitionHasAloneEndsTheLoop() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    earliest.consumer.setPollException(new KafkaException("something else"));

    assertThatThrownBy(earliest::turn).hasMessage("something else");
  }

  @Test
  void aTopicThatWasMadeAnewIsLostAndBegunAtItsStartWhateverIsStored() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 7L);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.topicId = Uuid.randomUuid();
    earliest.log(0, 0, 20);
    earliest.clockNs += SteppedLoop.TOPIC_CHECK.toNanos();
    earliest.turn();

    assertThat(failure(read).kind()).isEqualTo(Kind.LOST);
    assertThat(earliest.told)
        .endsWith("lost [0]", "asked [0]", "skipped 0 TRUNCATION 0", "assigned 0 at 0");
    assertThat(earliest.consumer.position(id(0))).isZero();

    earliest.told.clear();
    earliest.clockNs += SteppedLoop.TOPIC_CHECK.toNanos();
    earliest.turn();
    assertThat(earliest.told).isEmpty();
  }

  @Test
  void aPartitionThatComesBackInATopicMadeAnewBeginsAtItsStart() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 7L);
    earliest.assign(0);
    earliest.assign();

    earliest.topicId = Uuid.randomUuid();
    earliest.assign(0);

    assertThat(earliest.told).endsWith("skipped 0 TRUNCATION 0", "assigned 0 at 0");
  }

  @Test
  void aLateWakeUpOnlyEndsTheNextPoll() {
    earliest.log(0, 0, 100);
    earliest.assign(0);
    earliest.consumer.wakeup();

    earliest.addRecord(0, 0, 10);
    earliest.turn();

    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(0L);
  }

  @Test
  void aRefusalOfTheBrokerEndsTheLoop() {
    earliest.consumer.setPollException(new GroupAuthorizationException("group"));

    assertThatThrownBy(earliest::turn).isInstanceOf(GroupAuthorizationException.class);
  }

  @Test
  void closingFailsTheReadsAndLeavesTheGroup() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.loop.leave();

    assertThat(failure(read).kind()).isEqualTo(Kind.CLOSED);
    assertThat(earliest.consumer.closed()).isTrue();
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

  private static List<Long> offsets(CompletionStage<RecordBatch> read) {
    var batch = read.toCompletableFuture().getNow(null);
    assertThat(batch).as("a batch").isNotNull();
    var offsets = new ArrayList<Long>();
    for (int i = 0; i < batch.size(); i++) {
      offsets.add(batch.offset(i));
    }
    return offsets;
  }

  private static StorageException failure(CompletionStage<?> read) {
    var failed = read.toCompletableFuture().handle((found, failure) -> failure).getNow(null);
    assertThat(failed).as("a failure").isNotNull();
    return StorageException.of(failed);
  }
}
