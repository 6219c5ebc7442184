package io.liiklus.server.session;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Asks a storage again and again while it is away. Between two questions it waits, from {@link
 * #FIRST_DELAY} twice as long each time up to {@link #LONGEST_DELAY}. Thread-safe.
 */
public final class Retry {

  static final Duration FIRST_DELAY = Duration.ofMillis(20);
  static final Duration LONGEST_DELAY = Duration.ofMillis(500);

  private Retry() {}

  /** How long to wait after so many failures, from 1. */
  static long delayMs(int failures) {
    long delayMs = FIRST_DELAY.toMillis() << Math.min(failures - 1, 10);
    return Math.min(delayMs, LONGEST_DELAY.toMillis());
  }

  /**
   * Answers with the first answer or the first failure that is not {@link Kind#UNAVAILABLE}; with
   * that one too as soon as nobody waits any more.
   *
   * @param timer on whose thread it is asked again
   * @param isWanted whether somebody still waits
   */
  public static <T> CompletionStage<T> whileUnavailable(
      ScheduledExecutorService timer,
      BooleanSupplier isWanted,
      Supplier<CompletionStage<T>> request) {
    var answer = new CompletableFuture<T>();
    ask(new Asking<>(timer, isWanted, request, answer), 0);
    return answer;
  }

  private record Asking<T>(
      ScheduledExecutorService timer,
      BooleanSupplier isWanted,
      Supplier<CompletionStage<T>> request,
      CompletableFuture<T> answer) {}

  private static <T> void ask(Asking<T> asking, int failures) {
    var unused =
        asked(asking.request())
            .whenComplete(
                (found, failure) -> {
                  if (failure == null) {
                    asking.answer().complete(found);
                    return;
                  }
                  var known = StorageException.of(failure);
                  if (known.kind() != Kind.UNAVAILABLE || !asking.isWanted().getAsBoolean()) {
                    asking.answer().completeExceptionally(known);
                  } else {
                    askLater(asking, failures + 1, known);
                  }
                });
  }

  /** What is thrown is a failure like any other. */
  private static <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> request) {
    try {
      return request.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  /** It may be that nobody waits any more when it is time. */
  private static <T> void askAgain(Asking<T> asking, int failures, StorageException last) {
    if (asking.isWanted().getAsBoolean()) {
      ask(asking, failures);
    } else {
      asking.answer().completeExceptionally(last);
    }
  }

  private static <T> void askLater(Asking<T> asking, int failures, StorageException last) {
    try {
      var unused =
          asking
              .timer()
              .schedule(
                  () -> askAgain(asking, failures, last), delayMs(failures), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      asking.answer().completeExceptionally(last);
    }
  }
}
