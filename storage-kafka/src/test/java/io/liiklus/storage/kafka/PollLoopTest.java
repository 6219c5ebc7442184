package io.liiklus.storage.kafka;

import static io.liiklus.storage.kafka.SteppedLoop.id;
import static io.liiklus.storage.kafka.SteppedReads.failure;
import static io.liiklus.storage.kafka.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.StorageException.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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
    earliest.addRecord(0, 0, SteppedLoop.HAND_OFF_BYTES);
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
}
