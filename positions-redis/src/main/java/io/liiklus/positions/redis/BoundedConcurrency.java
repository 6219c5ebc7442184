package io.liiklus.positions.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Many requests, a window of them at a time, so that one large batch does not fill the connection.
 * Each window is sent when the one before is answered. Confined to the thread that completes the
 * window before.
 */
final class BoundedConcurrency<T, R> {

  /** Number of requests under way at once. */
  static final int WIDTH = 64;

  private final Iterator<T> items;
  private final Function<T, CompletionStage<R>> question;
  private final List<R> answers = new ArrayList<>();
  private final CompletableFuture<List<R>> result = new CompletableFuture<>();

  private BoundedConcurrency(Collection<T> items, Function<T, CompletionStage<R>> question) {
    this.items = items.iterator();
    this.question = question;
  }

  /** The answers, in the order of the items; or the first failure. */
  static <T, R> CompletionStage<List<R>> ask(
      Collection<T> items, Function<T, CompletionStage<R>> question) {
    var windowed = new BoundedConcurrency<>(items, question);
    windowed.next();
    return windowed.result;
  }

  private void next() {
    if (!items.hasNext()) {
      result.complete(answers);
      return;
    }
    var window = new ArrayList<CompletableFuture<R>>(WIDTH);
    while (items.hasNext() && window.size() < WIDTH) {
      window.add(question.apply(items.next()).toCompletableFuture());
    }
    CompletionStage<Void> answered =
        CompletableFuture.allOf(window.toArray(CompletableFuture<?>[]::new));
    answered.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            result.completeExceptionally(failure);
          } else {
            window.forEach(answer -> answers.add(answer.join()));
            next();
          }
        });
  }
}
