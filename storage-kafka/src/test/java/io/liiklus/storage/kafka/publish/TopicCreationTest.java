package io.liiklus.storage.kafka.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TopicCreationTest {

  private final AtomicLong nowNs = new AtomicLong();
  private final List<CompletableFuture<Optional<Boolean>>> requests = new ArrayList<>();
  private final TopicCreation creation = new TopicCreation(this::request, nowNs::get);

  @Test
  void callersAtATime_shareOneRequest() {
    var first = creation.isOn().toCompletableFuture();
    nowNs.addAndGet(TopicCreation.ANSWER_AGE_NS + 1);
    var second = creation.isOn().toCompletableFuture();

    assertThat(requests).hasSize(1);
    requests.get(0).complete(Optional.of(false));
    assertThat(first).isCompletedWithValue(Optional.of(false));
    assertThat(second).isCompletedWithValue(Optional.of(false));
  }

  @Test
  void answer_isBelievedForAWhile() {
    assertAskedAgainAfter(Optional.of(true), TopicCreation.ANSWER_AGE_NS);
  }

  @Test
  void brokersThatRefuseToAnswer_areAskedAgainSoon() {
    assertAskedAgainAfter(Optional.empty(), TopicCreation.REFUSED_AGE_NS);
  }

  private void assertAskedAgainAfter(Optional<Boolean> answer, long ageNs) {
    var unused = creation.isOn();
    requests.get(0).complete(answer);
    nowNs.addAndGet(ageNs);
    assertThat(creation.isOn().toCompletableFuture()).isCompletedWithValue(answer);
    assertThat(requests).hasSize(1);

    nowNs.addAndGet(1);
    assertThat(creation.isOn().toCompletableFuture()).isNotDone();
    assertThat(requests).hasSize(2);
  }

  private CompletionStage<Optional<Boolean>> request() {
    requests.add(new CompletableFuture<>());
    return requests.get(requests.size() - 1);
  }
}
