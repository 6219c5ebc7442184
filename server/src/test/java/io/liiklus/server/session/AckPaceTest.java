package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Acks that wait for their turn: twenty writes a second, two of them at once. */
class AckPaceTest extends PacedAcks {

  @Test
  void writesPastTheBurst_waitForTheirTurn() {
    ack("a", 0, 1);
    ack("b", 1, 1);
    loop.advance(TURN.minusNanos(1));
    assertThat(positions.writes()).isEmpty();

    loop.advance(Duration.ofNanos(1));
    assertThat(positions.takeWrites()).containsExactly("0=1");
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("1=1");
  }

  @Test
  void waitingGroup_writesLastValuesOnce() {
    var answers = new ArrayList<CompletableFuture<Void>>();
    answers.add(ack("a", 0, 1));
    answers.add(ack("a", 1, 7));
    answers.add(ack("a", 0, 9));
    answers.add(ack("a", 0, 4));
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("0=4 1=7");
    assertThat(answers).noneMatch(CompletableFuture::isDone);

    succeedAll();
    assertThat(answers).allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally());
    assertThat(acks.waiting()).isZero();
    assertThat(acks.stored()).isEqualTo(6);
    assertThat(acks.writes()).isEqualTo(3);
  }

  @Test
  void loneClientThatWaitsForEachAnswer_waitsForNoTurn() {
    succeedAll();
    for (int i = 0; i < 100; i++) {
      var answer = ack("a", 0, i);
      assertThat(positions.takeWrites()).containsExactly("0=" + i);
      succeedAll();
      assertThat(answer).isCompleted();
    }
  }

  @Test
  void concurrentAcks_takeTurns() {
    succeedAll();
    ack("a", 0, 1);
    ack("a", 0, 2);
    ack("a", 0, 3);
    ack("b", 1, 1);
    assertThat(positions.takeWrites()).containsExactly("0=1");
    succeedAll();
    assertThat(positions.writes()).isEmpty();
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("1=1");
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("0=3");
  }

  @Test
  void loneClientThatDoesNotWaitForAnswers_takesTurns() {
    succeedAll();
    ack("a", 0, 1);
    ack("a", 0, 2);
    ack("a", 0, 3);
    assertThat(positions.takeWrites()).containsExactly("0=1");
    succeedAll();
    assertThat(positions.writes()).isEmpty();
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("0=3");
  }

  @Test
  void unusedTurn_isEnded() {
    ack("a", 0, 1);
    var unused = flush("a", 0);
    succeedAll();
    positions.takeWrites();
    loop.advance(TURN);
    ack("a", 0, 2);
    assertThat(positions.takeWrites()).containsExactly("0=2");
  }

  @Test
  void retriedWrite_takesTheNextTurn() {
    ack("first", 90, 2);
    ack("second", 91, 2);
    ack("second", 92, 1);
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("92=1");

    succeedAll();
    assertThat(positions.writes()).isEmpty();
    loop.advance(TURN);
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("90=2", "91=2");
  }

  @Test
  void floodOfOneGroup_passesNobodyOver() {
    for (int i = 0; i < PER_POSITION; i++) {
      ack("flood", i % 3, i);
    }
    ack("b", 50, 1);
    for (int i = 0; i < PER_POSITION; i++) {
      ack("flood", i % 7, i);
    }
    loop.advance(TURN);
    assertThat(positions.takeWrites()).hasSize(1);
    ack("flood", 9, 1);
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("50=1");
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("9=1");
  }

  @Test
  void oneWrite_hasBoundedPositionsAndTheNextTurnTheRest() {
    int more = GroupAcks.MAX_POSITIONS + 10;
    for (int partition = 0; partition < more; partition++) {
      ack("a", partition, 1);
    }
    ack("b", more, 1);
    loop.advance(TURN);
    assertThat(positions.takeWrites().get(0).split(" ")).hasSize(GroupAcks.MAX_POSITIONS);
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly(more + "=1");
    loop.advance(TURN);
    assertThat(positions.takeWrites().get(0).split(" ")).hasSize(10);
  }

  @Test
  void awayStorage_isTriedAgainInTurn() {
    var waits = ack("a", 0, 1);
    var expires = ack("a", 1, 1, Duration.ofMillis(10));
    loop.advance(TURN);
    ack("b", 2, 1);
    fail(positions.latest(), Kind.UNAVAILABLE);
    assertThat(positions.takeWrites()).containsExactly("0=1 1=1");
    assertThat(waits).isNotDone();
    assertThat(expires).isCompletedExceptionally();
    ack("a", 0, 2);

    loop.advance(Retry.FIRST_DELAY);
    assertThat(positions.writes()).isEmpty();
    loop.advance(TURN.minus(Retry.FIRST_DELAY));
    assertThat(positions.takeWrites()).containsExactly("2=1");
    loop.advance(TURN);
    assertThat(positions.takeWrites()).containsExactly("0=2");
    succeedAll();
    assertThat(waits).isCompleted();
    assertThat(acks.waiting()).isZero();
  }

  @Test
  void refusal_concernsItsOwnWriteOnly() {
    var first = ack("a", 0, 1);
    var second = ack("a", 1, 1);
    var other = ack("b", 2, 1);
    loop.advance(TURN);
    fail(positions.latest(), Kind.REFUSED);
    loop.advance(TURN);
    succeedAll();

    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCompletedExceptionally();
    assertThat(other).isCompleted();
  }

  @Test
  void everyAck_ends() {
    for (int i = 0; i < 50; i++) {
      ack("group-" + i % 10, i % 7, i);
    }
    for (int turn = 0; turn < 20; turn++) {
      loop.advance(TURN);
      succeedAll();
    }
    assertThat(acks.waiting()).isZero();
    assertThat(acks.stored()).isEqualTo(52);
    assertThat(loop.isIdle()).isTrue();
  }
}
