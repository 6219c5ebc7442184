package io.liiklus.positions.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedConcurrencyTest {

  private final List<CompletableFuture<Integer>> asked = new ArrayList<>();

  private CompletionStage<List<Integer>> ask(int items) {
    return BoundedConcurrency.ask(
        IntStream.range(0, items).boxed().toList(),
        item -> {
          var answer = new CompletableFuture<Integer>();
          asked.add(answer);
          return answer;
        });
  }

  private void answerFrom(int first) {
    for (int i = first; i < Math.min(first + BoundedConcurrency.WIDTH, asked.size()); i++) {
      asked.get(i).complete(i);
    }
  }

  @Test
  void oneWindow_isRequestedAtATimeAndResultsKeepTheOrder() {
    var answers = ask(BoundedConcurrency.WIDTH + 3);
    assertThat(asked).hasSize(BoundedConcurrency.WIDTH);
    answerFrom(0);
    assertThat(asked).hasSize(BoundedConcurrency.WIDTH + 3);
    assertThat(answers.toCompletableFuture()).isNotDone();
    answerFrom(BoundedConcurrency.WIDTH);
    assertThat(answers.toCompletableFuture().join())
        .isEqualTo(IntStream.range(0, BoundedConcurrency.WIDTH + 3).boxed().toList());
  }

  @Test
  void failure_endsTheRequests() {
    var answers = ask(2 * BoundedConcurrency.WIDTH);
    answerFrom(1);
    asked.get(0).completeExceptionally(new IllegalStateException("no"));
    assertThat(asked).hasSize(BoundedConcurrency.WIDTH);
    assertThat(answers.toCompletableFuture()).isCompletedExceptionally();
  }

  @Test
  void noItems_completeAtOnce() {
    assertThat(ask(0).toCompletableFuture().join()).isEmpty();
  }
}
