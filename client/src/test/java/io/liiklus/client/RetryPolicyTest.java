package io.liiklus.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

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
}
