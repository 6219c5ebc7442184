package io.liiklus.storage.group;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.CoordinationStore.Row;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.read.Commands;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Calls of a coordination store whose answers come back to the loop of the groups, each once and
 * within the call timeout. Confined to that loop.
 */
final class StoreCalls {

  /** Called with a value, or with a failure: then it is not known whether the call was done. */
  interface Answer<T> {
    void on(T value, StorageException failure);
  }

  private static final class Call<T> {
    private final Answer<T> answer;
    private boolean isAnswered;

    private Call(Answer<T> answer) {
      this.answer = answer;
    }

    private void answer(T value, StorageException failure) {
      if (!isAnswered) {
        isAnswered = true;
        answer.on(value, failure);
      }
    }
  }

  private final CoordinationStore store;
  private final Commands commands;
  private final Duration timeout;

  StoreCalls(CoordinationStore store, Commands commands, Duration timeout) {
    this.store = store;
    this.commands = commands;
    this.timeout = timeout;
  }

  void read(Set<String> keys, Answer<Map<String, Row>> answer) {
    call(() -> store.read(keys), answer);
  }

  /** Empty where somebody changed the row. */
  void replace(String key, long version, byte[] value, Answer<OptionalLong> answer) {
    call(() -> store.replace(key, version, value), answer);
  }

  private <T> void call(Supplier<CompletionStage<T>> request, Answer<T> answer) {
    var call = new Call<>(answer);
    commands.postDelayed(
        timeout.toNanos(),
        () ->
            call.answer(
                null,
                new StorageException(
                    Kind.UNAVAILABLE, "no answer within " + timeout.toMillis() + " ms")));
    CompletionStage<T> stage;
    try {
      stage = request.get();
    } catch (RuntimeException e) {
      stage = CompletableFuture.failedStage(e);
    }
    var unused =
        stage.whenComplete(
            (value, failure) ->
                commands.post(
                    () ->
                        call.answer(value, failure == null ? null : StorageException.of(failure))));
  }
}
