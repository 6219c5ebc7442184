package io.liiklus.server.grpc;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.grpc.UnaryCall.Caller;
import io.liiklus.server.session.Retry;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Asks storages what is in them, for so many at a time. Thread-safe. */
final class ReadLimiter {

  private final int bound;
  private final AtomicInteger waiting = new AtomicInteger();

  ReadLimiter(int bound) {
    this.bound = bound;
  }

  /**
   * Asks again and again as long as the storage is away and the caller waits.
   *
   * @throws StorageException when too many wait
   */
  <T> CompletionStage<T> ask(Caller caller, Supplier<CompletionStage<T>> request) {
    if (waiting.incrementAndGet() > bound) {
      waiting.decrementAndGet();
      throw new StorageException(
          Kind.EXHAUSTED, "more than read.maxWaiting = " + bound + " questions wait");
    }
    long deadlineNs = System.nanoTime() + caller.patience().toNanos();
    BooleanSupplier isWanted =
        () -> caller.isWaiting().getAsBoolean() && System.nanoTime() - deadlineNs < 0;
    return Retry.whileUnavailable(caller.loop(), isWanted, request)
        .whenComplete((found, failure) -> waiting.decrementAndGet());
  }
}
