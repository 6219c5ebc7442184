package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.liiklus.api.GroupId;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Acks over a loop and a storage that the test steps. */
class AckShardTest {

  private static final PositionId ID = new PositionId("topic", new GroupId("group", 0), 0);
  private static final PositionId OTHER = new PositionId("topic", new GroupId("group", 0), 1);

  private final SteppedTimer loop = new SteppedTimer();
  private final SteppedPositions positions = new SteppedPositions();
  private final Acks acks =
      new Acks(
          positions,
          List.of(loop),
          any -> false,
          new Acks.Options(5, 8, 1_000),
          loop::nowNs,
          () -> 0.5);

  @Test
  void valuesDuringAWrite_areCoveredByTheNext() {
    var first = ack(ID, 1);
    var second = ack(ID, 2);
    var third = ack(ID, 3);
    assertThat(positions.writes()).containsExactly("0=1");

    succeed();
    assertThat(first).isCompleted();
    assertThat(second).isNotDone();
    assertThat(positions.writes()).containsExactly("0=1", "0=3");

    succeed();
    assertThat(second).isCompleted();
    assertThat(third).isCompleted();
    assertThat(acks.waiting()).isZero();
  }

  @Test
  void lastValue_winsBackwardsToo() {
    ack(ID, 1);
    ack(ID, 9);
    ack(ID, 4);
    succeed();

    assertThat(positions.writes()).containsExactly("0=1", "0=4");
  }

  @Test
  void awayStorage_isTriedAgainWithTheNewestValue() {
    var first = ack(ID, 1);
    var second = ack(ID, 2);
    fail(Kind.UNAVAILABLE);
    assertThat(first).isNotDone();

    loop.advance(Duration.ofSeconds(1));
    assertThat(positions.writes()).containsExactly("0=1", "0=2");
    succeed();

    assertThat(first).isCompleted();
    assertThat(second).isCompleted();
  }

  @Test
  void acksThatWaitOn_areNotifiedOfTheReason() {
    var reasons = new ArrayList<String>();
    for (int offset = 1; offset <= 2; offset++) {
      var number = offset + ": ";
      var unused =
          acks.ack(ID, offset, Duration.ofSeconds(5), why -> reasons.add(number + why.kind()));
      loop.run();
    }
    assertThat(reasons).isEmpty();

    fail(Kind.UNAVAILABLE);

    assertThat(reasons).containsExactly("1: UNAVAILABLE", "2: UNAVAILABLE");
  }

  @Test
  void ackThatNobodyWaitsFor_isNotTriedForEver() {
    var expired = acks.ack(ID, 1, Duration.ZERO).toCompletableFuture();
    loop.run();
    fail(Kind.UNAVAILABLE);

    assertThat(kindOf(expired)).isEqualTo(Kind.UNAVAILABLE);
    loop.advance(Duration.ofMinutes(1));
    assertThat(positions.writes()).hasSize(1);
    assertThat(acks.waiting()).isZero();
  }

  @Test
  void refusal_reachesTheAcksItConcerns() {
    var first = ack(ID, 1);
    var second = ack(ID, 2);
    fail(Kind.REFUSED);

    assertThat(kindOf(first)).isEqualTo(Kind.REFUSED);
    succeed();
    assertThat(second).isCompleted();
  }

  @Test
  void floodOnOnePosition_starvesNoOther() {
    for (int i = 0; i < 5; i++) {
      ack(ID, i);
    }
    assertThat(kindOf(ack(ID, 5))).isEqualTo(Kind.EXHAUSTED);
    assertThat(ack(OTHER, 1)).isNotDone();

    succeed();
    succeed();
    succeed();
    assertThat(acks.waiting()).isZero();
    assertThat(ack(ID, 6)).isNotDone();
  }

  @Test
  void acksPastTheTotalBound_areRefusedAtOnce() {
    for (int i = 0; i < 8; i++) {
      ack(new PositionId("topic", new GroupId("group", i), 0), 1);
    }
    assertThat(kindOf(acks.ack(OTHER, 1, Duration.ofSeconds(5)).toCompletableFuture()))
        .isEqualTo(Kind.EXHAUSTED);
  }

  @Test
  void flush_completesWhenNothingWaits() {
    assertThat(flush(ID)).isCompleted();
    ack(ID, 1);
    var flushed = flush(ID);
    assertThat(flushed).isNotDone();

    succeed();

    assertThat(flushed).isCompleted();
  }

  @CanIgnoreReturnValue
  private CompletableFuture<Void> ack(PositionId id, long offset) {
    var answer = acks.ack(id, offset, Duration.ofSeconds(5)).toCompletableFuture();
    loop.run();
    return answer;
  }

  @Test
  void flush_doesNotWaitForLaterAcks() {
    ack(ID, 1);
    ack(ID, 2);
    var flushed = flush(ID);
    succeed();
    ack(ID, 3);
    assertThat(flushed).isNotDone();

    succeed();

    assertThat(flushed).isCompleted();
    assertThat(positions.writes()).containsExactly("0=1", "0=2", "0=3");
  }

  @Test
  void flush_outlivesTheWriteThatItsAcksWaitBehind() {
    ack(ID, 1);
    ack(ID, 2);
    var flushed = flush(ID);
    fail(Kind.UNAVAILABLE);
    loop.advance(Duration.ofSeconds(1));
    assertThat(flushed).isNotDone();

    succeed();

    assertThat(flushed).isCompleted();
  }

  @Test
  void flush_endsWhenNobodyWaitsForItsAcks() {
    var expired = acks.ack(ID, 1, Duration.ZERO).toCompletableFuture();
    var flushed = flush(ID);
    fail(Kind.UNAVAILABLE);

    assertThat(expired).isCompletedExceptionally();
    assertThat(flushed).isCompleted();
  }

  @Test
  void faultAfterASuccess_isTheFirstAgain() {
    ack(ID, 1);
    for (int i = 0; i < 5; i++) {
      fail(Kind.UNAVAILABLE);
      loop.advance(Retry.LONGEST_DELAY);
    }
    ack(ID, 2);
    succeed();
    fail(Kind.UNAVAILABLE);
    loop.advance(Retry.FIRST_DELAY);

    assertThat(positions.writes()).endsWith("0=1", "0=2", "0=2");
  }

  private CompletableFuture<Void> flush(PositionId id) {
    CompletionStage<Void> flushed = acks.flush(List.of(id));
    loop.run();
    return flushed.toCompletableFuture();
  }

  private void succeed() {
    positions.next().complete(null);
    loop.run();
  }

  private void fail(Kind kind) {
    positions.next().completeExceptionally(new StorageException(kind, "as the test says"));
    loop.run();
  }

  private static Kind kindOf(CompletableFuture<Void> answer) {
    assertThat(answer).isDone();
    assertThatThrownBy(answer::join).isInstanceOf(CompletionException.class);
    return StorageException.of(answer.handle((done, failure) -> failure).join()).kind();
  }
}
