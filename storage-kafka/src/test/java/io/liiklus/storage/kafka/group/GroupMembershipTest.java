package io.liiklus.storage.kafka.group;

import static io.liiklus.storage.kafka.group.SteppedSubscription.id;
import static io.liiklus.storage.read.SteppedReads.failure;
import static io.liiklus.storage.read.SteppedReads.offsets;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.AutoOffsetReset;
import io.liiklus.api.StorageException.Kind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.Test;

/** What becomes of partitions as they come and go, task by task. */
class GroupMembershipTest {

  private final SteppedSubscription earliest = new SteppedSubscription(AutoOffsetReset.EARLIEST, 4);

  @Test
  void addedPartition_isNotifiedWhenItsPositionIsKnown() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 7L);
    earliest.positionsGate = new CompletableFuture<>();

    earliest.assign(0);
    assertThat(earliest.told).containsExactly("asked [0]");

    earliest.positionsGate.complete(null);
    earliest.turn();
    assertThat(earliest.told).endsWith("assigned 0 at 7");
  }

  @Test
  void consumerOfTheMember_readsNothing() {
    earliest.log(0, 0, 10);
    earliest.assign(0);
    earliest.turn();

    assertThat(earliest.member.paused()).containsExactly(id(0));
  }

  @Test
  void rebalance_makesNoBlockingRequest() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);

    // The first request would fail it.
    earliest.assign(0, 1);
    earliest.assign(1);
    earliest.assign(0);

    assertThat(earliest.told)
        .containsSubsequence("assigned 0 at 0", "revoked [0]", "revoked [1]", "assigned 0 at 0");
  }

  @Test
  void partitionWithoutPosition_holdsUpNoOther() {
    earliest.log(0, 0, 10);
    earliest.log(1, 0, 10);
    earliest.assign(0);
    earliest.positionsGate = new CompletableFuture<>();
    earliest.assign(0, 1);
    earliest.addRecord(0, 10, 10);

    earliest.turn();

    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(10L);
    assertThat(earliest.readers).doesNotContainKey(1);
  }

  @Test
  void rebalance_touchesOnlyThePartitionsOfTheCallback() {
    earliest.log(0, 0, 0);
    earliest.log(1, 0, 0);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.assign(0, 1);
    earliest.addRecord(0, 0, 10);
    earliest.turn();

    assertThat(offsets(read)).containsExactly(0L);
    assertThat(earliest.told)
        .containsExactly("asked [0]", "assigned 0 at 0", "asked [1]", "assigned 1 at 0");
  }

  @Test
  void positionAfterTheRevocation_isIgnored() {
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
  void revocation_endsTheReadBeforeItNotifies() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    assertThat(earliest.isAtTail(0)).isTrue();
    var read = earliest.readers.get(0).read();

    earliest.assign();

    assertThat(failure(read).kind()).isEqualTo(Kind.REVOKED);
    assertThat(earliest.told).endsWith("revoked [0]");
    assertThat(failure(earliest.readers.get(0).read()).kind()).isEqualTo(Kind.REVOKED);
    assertThat(earliest.isAtTail(0)).isFalse();
  }

  @Test
  void rebalance_waitsForTheAcksOfRevokedPartitionsUpToItsBound() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.revocationGate = new CompletableFuture<>();

    earliest.assign();

    assertThat(earliest.waits)
        .containsExactly(
            new SteppedSubscription.Wait(earliest.revocationGate, SteppedSubscription.REVOKE));
    earliest.assign(0);
    assertThat(earliest.told).endsWith("asked [0]", "assigned 0 at 0");
  }

  @Test
  void loss_waitsForNobody() {
    earliest.log(0, 0, 0);
    earliest.assign(0);

    earliest.member.schedulePollTask(() -> earliest.member.losePartitions(List.of(id(0))));
    earliest.turn();

    assertThat(earliest.told).endsWith("lost [0]");
    assertThat(earliest.waits).isEmpty();
  }

  @Test
  void loss_endsTheReadAndNotifiesNoRevocation() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.member.schedulePollTask(() -> earliest.member.losePartitions(List.of(id(0))));
    earliest.turn();

    assertThat(failure(read).kind()).isEqualTo(Kind.LOST);
    assertThat(earliest.told).endsWith("lost [0]").doesNotContain("revoked [0]");
  }

  @Test
  void returningPartition_isReadAgain() {
    earliest.log(0, 0, 0);
    earliest.addRecord(0, 0, SteppedSubscription.PREFETCH_BYTES);
    earliest.assign(0);
    var before = earliest.readers.get(0);

    earliest.assign();
    earliest.resumes.put(0, 1L);
    earliest.assign(0);

    assertThat(earliest.readers.get(0)).isNotSameAs(before);
    earliest.addRecord(0, 1, 10);
    earliest.turn();
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(1L);
  }

  @Test
  void refusalOfTheBroker_endsTheSubscription() {
    earliest.member.setPollException(new GroupAuthorizationException("group"));

    assertThatThrownBy(earliest::turn).isInstanceOf(GroupAuthorizationException.class);
  }

  @Test
  void close_failsTheReadsAndLeavesTheGroup() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.loop.leave();

    assertThat(failure(read).kind()).isEqualTo(Kind.CLOSED);
    assertThat(earliest.member.closed()).isTrue();
  }

  @Test
  void leaveInTheMiddleOfARebalance_waitsForAcks() {
    earliest.log(0, 0, 0);
    earliest.assign(0);
    earliest.revocationGate = new CompletableFuture<>();
    earliest.loop.leave();

    // As a consumer does that is closed after it has sent its JoinGroup.
    earliest.loop.onPartitionsLost(List.of(id(0)));

    assertThat(earliest.told).endsWith("revoked [0]");
    assertThat(earliest.waits)
        .containsExactly(
            new SteppedSubscription.Wait(earliest.revocationGate, SteppedSubscription.REVOKE));
  }

  @Test
  void recreatedTopic_isLostAndBeginsAtItsStartWhateverIsStored() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 10L);
    earliest.assign(0);
    var read = earliest.readers.get(0).read();

    earliest.topicId = Uuid.randomUuid().toString();
    earliest.log(0, 0, 20);
    earliest.addRecord(0, 3, 10);
    earliest.clockNs += SteppedSubscription.TOPIC_CHECK.toNanos();
    earliest.turn();

    assertThat(failure(read).kind()).isEqualTo(Kind.LOST);
    assertThat(earliest.told)
        .endsWith("lost [0]", "asked [0]", "skipped 0 TRUNCATION 0", "assigned 0 at 0");
    assertThat(offsets(earliest.readers.get(0).read())).containsExactly(3L);

    earliest.told.clear();
    earliest.clockNs += SteppedSubscription.TOPIC_CHECK.toNanos();
    earliest.turn();
    assertThat(earliest.told).isEmpty();
  }

  @Test
  void returningPartitionOfARecreatedTopic_beginsAtItsStart() {
    earliest.log(0, 0, 10);
    earliest.resumes.put(0, 7L);
    earliest.assign(0);
    earliest.assign();

    earliest.topicId = Uuid.randomUuid().toString();
    earliest.assign(0);

    assertThat(earliest.told).endsWith("skipped 0 TRUNCATION 0", "assigned 0 at 0");
  }
}
