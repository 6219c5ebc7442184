package io.liiklus.server.inflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** What is out, and which position is to be stored. */
class PartitionWindowTest {

  private final PartitionWindow window = new PartitionWindow(new WindowLimits(100, 1_000, 20));

  @Test
  void position_isTheLastBeforeTheFirstThatIsNotAcked() {
    send(10, 5);
    send(15, 5);
    assertThat(window.position()).isEqualTo(PartitionWindow.NONE);

    window.ack(12);
    assertThat(window.position()).isEqualTo(PartitionWindow.NONE);
    window.ack(10);
    assertThat(window.position()).isEqualTo(10);
    window.ack(11);
    assertThat(window.position()).isEqualTo(12);
    window.ackUpTo(16);
    assertThat(window.position()).isEqualTo(16);
    assertThat(window.unacked()).isEqualTo(3);
    window.ackUpTo(1_000);
    assertThat(window.position()).isEqualTo(19);
    assertThat(window.bytes()).isZero();
    assertThat(window.runs()).isZero();
  }

  @Test
  void gapInOffsets_isNoPosition() {
    window.add(new NumberedBatch(offset -> null, 3, 7, 20), 0, 3, 30, 0);

    assertThat(window.ack(5)).isFalse();
    assertThat(window.ack(3)).isTrue();
    assertThat(window.position()).isEqualTo(3);
    assertThat(window.ack(7)).isTrue();
    assertThat(window.position()).isEqualTo(7);
  }

  @Test
  void ackedRecord_isAckedOnce() {
    send(0, 3);

    assertThat(window.ack(1)).isTrue();
    assertThat(window.ack(1)).isFalse();
    assertThat(window.ack(3)).isFalse();
    assertThat(window.unacked()).isEqualTo(2);
    assertThat(window.bytes()).isEqualTo(20);
  }

  @Test
  void copiedRun_keepsWhatIsNotAckedAndThePositions() {
    window.add(new NumberedBatch(offset -> null, 2, 4, 6, 8, 10), 0, 5, 50, 7);
    window.ack(6);
    window.ack(4);

    window.copyOlderThan(7);

    assertThat(window.runOf(8).batch().size()).isEqualTo(3);
    assertThat(NumberedBatch.number(window.runOf(8).batch(), window.runOf(8).indexOf(8)))
        .isEqualTo(8);
    window.ack(2);
    assertThat(window.position()).isEqualTo(6);
    assertThat(window.passed()).isEqualTo(3);
    window.ack(10);
    window.ack(8);
    assertThat(window.position()).isEqualTo(10);
    assertThat(window.bytes()).isZero();
  }

  @Test
  void youngRun_isNotCopied() {
    var batch = NumberedBatch.of(0, 5);
    window.add(batch, 0, 5, 50, 8);

    window.copyOlderThan(7);

    assertThat(window.runOf(0).batch()).isSameAs(batch);
  }

  @Test
  void storedPosition_givesRoom() {
    send(0, 20);
    assertThat(window.isTooFarAhead()).isTrue();
    window.ackUpTo(4);
    assertThat(window.room()).isZero();

    window.onStored(window.passed());

    assertThat(window.room()).isEqualTo(5);
    assertThat(window.ahead()).isEqualTo(15);
  }

  @Test
  void emptyWindow_takesOneReplyOfAnySize() {
    window.add(NumberedBatch.of(0, 1), 0, 1, 5_000, 0);
    assertThat(window.room()).isZero();
    assertThat(window.byteRoom()).isZero();

    window.ack(0);

    assertThat(window.room()).isEqualTo(19);
  }

  @Test
  void passedOffset_isPartOfThePosition() {
    send(0, 2);
    window.pass(5);
    window.ack(0);
    assertThat(window.position()).isEqualTo(0);

    window.ack(1);

    assertThat(window.position()).isEqualTo(5);
  }

  @Test
  void recordsBehindAnOffset_areVisitedInOrder() {
    send(0, 3);
    send(3, 3);
    window.ack(4);
    var visited = new ArrayList<Long>();

    window.visitBehind(1, (batch, index, offset) -> visited.add(offset));

    assertThat(visited).containsExactly(2L, 3L, 5L);
  }

  @Test
  void ackedRuns_areNotKeptBehindOneThatIsNot() {
    int ahead = 100_000;
    var wide = new PartitionWindow(new WindowLimits(1_000, 1_000_000, ahead));
    for (int offset = 0; offset < ahead; offset++) {
      wide.add(NumberedBatch.of(offset, 1), 0, 1, 10, 0);
      if (offset != 0 && offset != ahead / 2) {
        assertThat(wide.ack(offset)).isTrue();
      }
    }
    assertThat(wide.runs()).isEqualTo(2);
    assertThat(wide.ahead()).isEqualTo(ahead);
    assertThat(wide.room()).isZero();

    wide.ack(0);
    assertThat(wide.position()).isEqualTo(ahead / 2 - 1);
    assertThat(wide.passed()).isEqualTo(ahead / 2);
    wide.ack(ahead / 2);
    assertThat(wide.position()).isEqualTo(ahead - 1);
    assertThat(wide.passed()).isEqualTo(ahead);
    assertThat(wide.runs()).isZero();
  }

  @Test
  void filteredAcks_joinTheRunsBehindThoseThatStay() {
    send(0, 2);
    send(2, 2);
    send(4, 2);
    window.ack(5);

    window.ackUpTo(4, offset -> offset != 1);

    assertThat(window.runs()).isEqualTo(1);
    assertThat(window.position()).isZero();
    window.ack(1);
    assertThat(window.position()).isEqualTo(5);
    assertThat(window.passed()).isEqualTo(6);
  }

  private void send(long first, int count) {
    window.add(NumberedBatch.of(first, count), 0, count, 10L * count, 0);
  }
}
