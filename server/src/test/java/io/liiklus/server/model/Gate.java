package io.liiklus.server.model;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a storage is asked stands here until it is answered: at once, when the script says so, or
 * not at all. What a request does is done when it is answered. Confined to the test's thread.
 */
final class Gate {

  /** How requests are dealt with. */
  enum Mode {
    AT_ONCE,
    WHEN_TOLD,
    AWAY
  }

  private static final class Asked<T> {
    private final Supplier<T> effect;
    private final Consumer<Kind> onFailed;
    private final boolean mayBeRefused;
    private final CompletableFuture<T> answer = new CompletableFuture<>();

    private Asked(Supplier<T> effect, Consumer<Kind> onFailed, boolean mayBeRefused) {
      this.effect = effect;
      this.onFailed = onFailed;
      this.mayBeRefused = mayBeRefused;
    }

    private void answer(int outcome) {
      switch (outcome) {
        case 1 -> fail(Kind.UNAVAILABLE);
        case 2 -> {
          var unused = effect.get();
          fail(Kind.UNAVAILABLE);
        }
        case 3 -> fail(mayBeRefused ? Kind.REFUSED : Kind.UNAVAILABLE);
        default -> answer.complete(effect.get());
      }
    }

    private void fail(Kind kind) {
      onFailed.accept(kind);
      answer.completeExceptionally(new StorageException(kind, "as the script says"));
    }
  }

  private final List<Asked<?>> waiting = new ArrayList<>();
  private Mode mode = Mode.AT_ONCE;

  void mode(int number) {
    mode =
        switch (number % 5) {
          case 3 -> Mode.WHEN_TOLD;
          case 4 -> Mode.AWAY;
          default -> Mode.AT_ONCE;
        };
  }

  <T> CompletionStage<T> read(Supplier<T> effect) {
    return ask(new Asked<>(effect, kind -> {}, false));
  }

  /**
   * A write.
   *
   * @param onFailed told before who asked is
   */
  CompletionStage<Void> write(Runnable effect, Consumer<Kind> onFailed) {
    return ask(
        new Asked<Void>(
            () -> {
              effect.run();
              return null;
            },
            onFailed,
            true));
  }

  private <T> CompletionStage<T> ask(Asked<T> asked) {
    switch (mode) {
      case AT_ONCE -> asked.answer(0);
      case AWAY -> asked.answer(1);
      case WHEN_TOLD -> waiting.add(asked);
    }
    return asked.answer;
  }

  /**
   * Answers one of those that wait.
   *
   * @param outcome 0: done; 1: away; 2: done, but the answer is lost; 3: refused
   */
  void answer(int which, int outcome) {
    if (!waiting.isEmpty()) {
      waiting.remove(which % waiting.size()).answer(outcome);
    }
  }

  boolean isIdle() {
    return waiting.isEmpty();
  }
}
