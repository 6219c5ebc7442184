package io.liiklus.server.session;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Repetition of a storage's requests while it is away. The delay between two of them doubles from
 * {@link #FIRST_DELAY} to {@link #LONGEST_DELAY}; each is up to {@link #JITTER} shorter or longer
 * at random, so that gateways that lost a storage at once do not come back to it in step.
 * Thread-safe.
 */
public final class Retry {

  static final Duration FIRST_DELAY = Duration.ofMillis(20);
  static final Duration LONGEST_DELAY = Duration.ofMillis(500);

  /** Largest random part, as a share of the delay. */
  static final double JITTER = 0.2;

  /** More would be beyond the longest delay. */
  private static final int MAX_DOUBLINGS = 10;

  private final ScheduledExecutorService timer;
  private final DoubleSupplier random;

  /**
   * @param timer on whose thread requests are repeated
   * @param random from 0 to 1
   */
  Retry(ScheduledExecutorService timer, DoubleSupplier random) {
    this.timer = timer;
    this.random = random;
  }

  /**
   * Repeats requests on the timer's thread.
   *
   * @param timer an event loop
   */
  public static Retry on(ScheduledExecutorService timer) {
    return new Retry(timer, () -> ThreadLocalRandom.current().nextDouble());
  }

  /** The delay after so many failures in a row, from 1. */
  Duration delay(int failures) {
    var doubled = FIRST_DELAY.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
    var delay = doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
    double factor = 1 - JITTER + 2 * JITTER * random.getAsDouble();
    return Duration.ofNanos(Math.round(delay.toNanos() * factor));
  }

  /**
   * Runs a task after the delay that so many failures in a row ask for.
   *
   * @throws RejectedExecutionException where the timer has shut down
   */
  void later(int failures, Runnable task) {
    var unused = timer.schedule(task, delay(failures).toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Answers with the first answer or the first failure that is not {@link Kind#UNAVAILABLE}; with
   * that one too as soon as nobody waits any more.
   *
   * @param isWanted whether somebody still waits
   */
  public <T> CompletionStage<T> whileUnavailable(
      BooleanSupplier isWanted, Supplier<CompletionStage<T>> request) {
    return whileUnavailable(isWanted, failure -> {}, request);
  }

  /**
   * The same.
   *
   * @param onAway notified of each failure that is not the last
   */
  public <T> CompletionStage<T> whileUnavailable(
      BooleanSupplier isWanted,
      Consumer<StorageException> onAway,
      Supplier<CompletionStage<T>> request) {
    var asking = new Asking<>(isWanted, onAway, request);
    asking.ask();
    return asking.answer;
  }

  /** One request, until it is answered. Confined to one thread at a time. */
  private final class Asking<T> {
    private final BooleanSupplier isWanted;
    private final Consumer<StorageException> onAway;
    private final Supplier<CompletionStage<T>> request;
    private final CompletableFuture<T> answer = new CompletableFuture<>();
    private int failures;

    private Asking(
        BooleanSupplier isWanted,
        Consumer<StorageException> onAway,
        Supplier<CompletionStage<T>> request) {
      this.isWanted = isWanted;
      this.onAway = onAway;
      this.request = request;
    }

    private void ask() {
      var unused = asked().whenComplete(this::onAnswer);
    }

    /** An exception that is thrown is a failure like any other. */
    private CompletionStage<T> asked() {
      try {
        return request.get();
      } catch (RuntimeException failure) {
        return CompletableFuture.failedStage(failure);
      }
    }

    private void onAnswer(T found, Throwable failure) {
      if (failure == null) {
        answer.complete(found);
        return;
      }
      var known = StorageException.of(failure);
      if (known.kind() != Kind.UNAVAILABLE || !isWanted.getAsBoolean()) {
        answer.completeExceptionally(known);
        return;
      }
      failures++;
      onAway.accept(known);
      try {
        later(failures, () -> askAgain(known));
      } catch (RejectedExecutionException closed) {
        answer.completeExceptionally(known);
      }
    }

    /** Repeats the request, unless nobody waits any more. */
    private void askAgain(StorageException last) {
      if (isWanted.getAsBoolean()) {
        ask();
      } else {
        answer.completeExceptionally(last);
      }
    }
  }
}
