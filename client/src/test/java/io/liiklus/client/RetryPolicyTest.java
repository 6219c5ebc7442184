package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.bsideup.liiklus.protocol.NackAction;
import com.github.bsideup.liiklus.protocol.ReceiveReply;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private final Throwable failure = new IllegalStateException("failure");

  @Test
  void wait_doublesUpToTheLongest() {
    var policy = RetryPolicy.ENDLESS.withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(5));

    assertThat(policy.waitMs(1)).isEqualTo(1_000);
    assertThat(policy.waitMs(2)).isEqualTo(2_000);
    assertThat(policy.waitMs(4)).isEqualTo(5_000);
    assertThat(policy.waitMs(1_000)).isEqualTo(5_000);
  }

  @Test
  void lastAttempt_isTheOneThatIsGivenUp() {
    var policy = RetryPolicy.ENDLESS.withDeadLetters(3, "dead");

    assertThat(policy.isGivenUp(2)).isFalse();
    assertThat(policy.isGivenUp(3)).isTrue();
    assertThat(RetryPolicy.ENDLESS.isGivenUp(Integer.MAX_VALUE)).isFalse();
  }

  @Test
  void attemptsWithoutATopic_areRefused() {
    assertThatThrownBy(() -> RetryPolicy.ENDLESS.withDeadLetters(3, ""))
        .hasMessageStartingWith("deadLetterTopic: is empty");
  }

  @Test
  void decision_isTakenWhereItHasATopicForIt() {
    var skipping = RetryPolicy.ENDLESS.deciding((record, thrown) -> NackAction.SKIP);
    var givingUp = RetryPolicy.ENDLESS.deciding((record, thrown) -> NackAction.DEAD_LETTER);

    assertThat(skipping.action(attempt(1), failure)).isEqualTo(NackAction.SKIP);
    assertThat(givingUp.action(attempt(1), failure)).isEqualTo(NackAction.RETRY);
    assertThat(givingUp.withDeadLetters(0, "dead").action(attempt(1), failure))
        .isEqualTo(NackAction.DEAD_LETTER);
  }

  @Test
  void decisionThatFails_letsTheRecordComeAgain() {
    var policy =
        RetryPolicy.ENDLESS.deciding(
            (record, thrown) -> {
              throw new IllegalStateException("undecided");
            });

    assertThat(policy.action(attempt(1), failure)).isEqualTo(NackAction.RETRY);
  }

  @Test
  void retryOfTheLastAttempt_isGivenUp() {
    var policy = RetryPolicy.ENDLESS.withDeadLetters(2, "dead");

    assertThat(policy.action(attempt(1), failure)).isEqualTo(NackAction.RETRY);
    assertThat(policy.action(attempt(2), failure)).isEqualTo(NackAction.DEAD_LETTER);
  }

  @Test
  void waitsThatTheGatewayRefuses_areRefused() {
    assertThatThrownBy(
            () -> RetryPolicy.ENDLESS.withBackoff(Duration.ofSeconds(2), Duration.ofSeconds(1)))
        .hasMessageStartingWith("minBackoff: PT2S is not allowed");
    assertThatThrownBy(
            () -> RetryPolicy.ENDLESS.withBackoff(Duration.ofSeconds(2), Duration.ofHours(2)))
        .hasMessageStartingWith("maxBackoff: PT2H is not allowed");
  }

  private static ReceivedRecord attempt(int number) {
    return ReceivedRecord.of("topic", 0, ReceiveReply.Record.getDefaultInstance())
        .withAttempt(number);
  }
}
