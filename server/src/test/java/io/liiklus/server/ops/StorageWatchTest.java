package io.liiklus.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class StorageWatchTest {

  private static final CompletionStage<Void> UP = CompletableFuture.completedStage(null);

  private Supplier<CompletionStage<Void>> storage = () -> UP;
  private long nowNs;
  private int asked;
  private final StorageWatch watch =
      new StorageWatch(
          "records",
          () -> {
            asked++;
            return storage.get();
          },
          () -> nowNs);

  @Test
  void checkThatThrows_isAStorageThatIsAway() {
    storage =
        () -> {
          throw new IllegalStateException("closed");
        };
    watch.run();

    assertThat(watch.isUp()).isFalse();
  }

  @Test
  void checkThatThrew_isAskedAgain() {
    checkThatThrows_isAStorageThatIsAway();
    storage = () -> UP;
    watch.run();

    assertThat(watch.isUp()).isTrue();
  }

  @Test
  void checkWithoutAnswer_isAwayAfterItsTimeAndNotAskedBeside() {
    var answer = new CompletableFuture<Void>();
    storage = () -> answer;
    watch.run();
    nowNs += StorageWatch.PATIENCE.toNanos() - 1;
    watch.run();
    assertThat(watch.isUp()).isTrue();

    nowNs++;
    watch.run();
    assertThat(watch.isUp()).isFalse();
    assertThat(asked).isEqualTo(1);

    answer.complete(null);
    assertThat(watch.isUp()).isTrue();
  }
}
