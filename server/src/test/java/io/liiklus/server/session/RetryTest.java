package io.liiklus.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class RetryTest {

  private final SteppedTimer timer = new SteppedTimer();
  private final Retry retry = SteppedAcks.retry(timer);
  private final Deque<CompletableFuture<String>> requests = new ArrayDeque<>();
  private boolean isWanted = true;

  @Test
  void delays_doubleUpToTheLongest() {
    assertThat(retry.delay(1)).isEqualTo(Retry.FIRST_DELAY);
    assertThat(retry.delay(2)).isEqualTo(Retry.FIRST_DELAY.multipliedBy(2));
    assertThat(retry.delay(5)).isEqualTo(Retry.FIRST_DELAY.multipliedBy(16));
    assertThat(retry.delay(6)).isEqualTo(Retry.LONGEST_DELAY);
    assertThat(retry.delay(Integer.MAX_VALUE)).isEqualTo(Retry.LONGEST_DELAY);
  }

  @Test
  void jitter_isAFifthOfEachDelay() {
    var shortest = new Retry(timer, () -> 0);
    var longest = new Retry(timer, () -> 1);

    assertThat(shortest.delay(1)).isEqualTo(Duration.ofMillis(16));
    assertThat(longest.delay(1)).isEqualTo(Duration.ofMillis(24));
    assertThat(shortest.delay(20)).isEqualTo(Duration.ofMillis(400));
    assertThat(longest.delay(20)).isEqualTo(Duration.ofMillis(600));
  }

  @Test
  void storageThatIsAway_isAskedAgainAfterEachDelay() {
    var answer = ask();
    fail(Kind.UNAVAILABLE);
    assertThat(requests).isEmpty();

    timer.advance(retry.delay(1).minusNanos(1));
    assertThat(requests).isEmpty();
    timer.advance(Duration.ofNanos(1));
    fail(Kind.UNAVAILABLE);
    timer.advance(retry.delay(2));
    requests.remove().complete("found");

    assertThat(answer).isCompletedWithValue("found");
    assertThat(timer.isIdle()).isTrue();
  }

  @Test
  void reasonOfEachRepetition_isNotified() {
    var reasons = new ArrayList<String>();
    var unused =
        retry.whileUnavailable(
            () -> isWanted, failure -> reasons.add(failure.getMessage()), this::request);
    requests.remove().completeExceptionally(new StorageException(Kind.UNAVAILABLE, "gone"));
    assertThat(reasons).containsExactly("gone");

    timer.advance(retry.delay(1));
    requests.remove().completeExceptionally(new StorageException(Kind.REFUSED, "refused"));
    assertThat(reasons).containsExactly("gone");
  }

  @Test
  void otherFailure_isTheAnswer() {
    var answer = ask();
    fail(Kind.REFUSED);

    assertThat(kindOf(answer)).isEqualTo(Kind.REFUSED);
    assertThat(timer.isIdle()).isTrue();
  }

  @Test
  void thrownException_isAFailureLikeAnyOther() {
    var answer =
        retry.whileUnavailable(
            () -> true,
            () -> {
              throw new StorageException(Kind.PRECONDITION, "as the test says");
            });

    assertThat(kindOf(answer.toCompletableFuture())).isEqualTo(Kind.PRECONDITION);
  }

  @Test
  void requestThatNobodyWaitsFor_isNotRepeated() {
    var before = ask();
    isWanted = false;
    fail(Kind.UNAVAILABLE);
    assertThat(kindOf(before)).isEqualTo(Kind.UNAVAILABLE);

    isWanted = true;
    var during = ask();
    fail(Kind.UNAVAILABLE);
    isWanted = false;
    timer.advance(retry.delay(1));

    assertThat(kindOf(during)).isEqualTo(Kind.UNAVAILABLE);
    assertThat(requests).isEmpty();
  }

  @Test
  void timerThatHasShutDown_endsTheRequest() {
    var closed = Executors.newSingleThreadScheduledExecutor();
    closed.shutdownNow();

    var answer =
        SteppedAcks.retry(closed).whileUnavailable(() -> true, this::request).toCompletableFuture();
    fail(Kind.UNAVAILABLE);

    assertThat(kindOf(answer)).isEqualTo(Kind.UNAVAILABLE);
  }

  private CompletableFuture<String> ask() {
    return retry.whileUnavailable(() -> isWanted, this::request).toCompletableFuture();
  }

  private CompletionStage<String> request() {
    var answer = new CompletableFuture<String>();
    requests.add(answer);
    return answer;
  }

  private void fail(Kind kind) {
    requests.remove().completeExceptionally(new StorageException(kind, "as the test says"));
  }

  private static Kind kindOf(CompletableFuture<?> answer) {
    assertThat(answer).isCompletedExceptionally();
    return StorageException.of(answer.handle((found, failure) -> failure).join()).kind();
  }
}
