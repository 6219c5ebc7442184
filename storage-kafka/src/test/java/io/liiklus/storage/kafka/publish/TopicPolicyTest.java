package io.liiklus.storage.kafka.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TopicPolicyTest {

  private final AtomicLong nowNs = new AtomicLong();
  private final List<CompletableFuture<Boolean>> requests = new ArrayList<>();
  private final TopicPolicy policy = new TopicPolicy(this::request, nowNs::get);

  @Test
  void requestThatIsDenied_isRepeatedOnceASecondAtTheMost() {
    for (int i = 0; i < 3; i++) {
      assertThat(policy.awaitAnswer().toCompletableFuture().isDone()).isEqualTo(i > 0);
      if (i == 0) {
        requests.get(0).completeExceptionally(new IllegalStateException("no right"));
      }
      policy.onKeyMissed();
      assertThat(policy.isKeyRequired()).isTrue();
    }
    nowNs.addAndGet(TopicPolicy.REST_NS - 1);
    policy.onKeyMissed();
    assertThat(policy.awaitAnswer().toCompletableFuture()).isDone();
    assertThat(requests).hasSize(1);

    nowNs.addAndGet(1);
    policy.onKeyMissed();
    assertThat(policy.awaitAnswer().toCompletableFuture()).isNotDone();
    assertThat(requests).hasSize(2);
  }

  @Test
  void answer_isAskedForAnewWhenItIsOld() {
    var unused = policy.awaitAnswer();
    requests.get(0).complete(true);
    nowNs.addAndGet(TopicPolicy.AGE_NS - 1);
    assertThat(policy.isKeyRequired()).isTrue();
    assertThat(requests).hasSize(1);

    nowNs.addAndGet(1);
    assertThat(policy.isKeyRequired()).isTrue();
    requests.get(1).complete(false);
    assertThat(policy.isKeyRequired()).isFalse();
  }

  @Test
  void refusalIsForgotten_whereNoBrokerTells() {
    policy.onKeyMissed();
    requests.get(0).completeExceptionally(new IllegalStateException("no right"));
    assertThat(policy.isKeyRequired()).isTrue();

    nowNs.addAndGet(TopicPolicy.AGE_NS);

    assertThat(policy.isKeyRequired()).isFalse();
  }

  private CompletionStage<Boolean> request() {
    requests.add(new CompletableFuture<>());
    return requests.get(requests.size() - 1);
  }
}
