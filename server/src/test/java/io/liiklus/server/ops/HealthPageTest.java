package io.liiklus.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;

class HealthPageTest {

  private static final long BOUND_MS = 1;
  private static final long PATIENCE_SECONDS = 10;

  /** As Kafka's: neither it nor what is derived of it can be completed by others. */
  private static final class Unwilling<T> extends CompletableFuture<T> {
    @Override
    public boolean complete(T value) {
      throw new UnsupportedOperationException("not yours to complete");
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
      throw new UnsupportedOperationException("not yours to complete");
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
      return new Unwilling<>();
    }
  }

  @Test
  void stageThatRefusesCompletion_isBoundedAllTheSame() {
    assertThat(failureOf(new Unwilling<>())).isInstanceOf(TimeoutException.class);
  }

  @Test
  void stageOfKafka_isBoundedAllTheSame() {
    var kafkas = new KafkaFutureImpl<String>().toCompletionStage().<Void>thenApply(id -> null);
    assertThat(failureOf(kafkas.toCompletableFuture())).isInstanceOf(TimeoutException.class);
  }

  @Test
  void boundOfARequest_leavesTheStoragesOwnFutureAlone() {
    var ofStorage = new CompletableFuture<Void>();
    assertThat(failureOf(ofStorage)).isInstanceOf(TimeoutException.class);
    assertThat(ofStorage).isNotDone();
  }

  @Test
  void requestThatThrows_fails() {
    var thrown = new IllegalStateException("closed");
    assertThat(
            failureOf(
                () -> {
                  throw thrown;
                }))
        .isSameAs(thrown);
  }

  private static Throwable failureOf(CompletableFuture<Void> ofStorage) {
    return failureOf(() -> ofStorage);
  }

  private static Throwable failureOf(Supplier<CompletableFuture<Void>> request) {
    var answer = HealthPage.<Void>within(BOUND_MS, request::get);
    return catchThrowableOfType(
            ExecutionException.class, () -> answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .getCause();
  }
}
