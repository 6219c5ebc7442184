package io.liiklus.server.grpc.limits;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.session.Retry;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Bound on the reads of positions and ends that wait for a storage. Thread-safe. */
public final class ReadLimiter {

  private final int bound;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * @param bound how many reads may wait
   */
  public ReadLimiter(int bound) {
    this.bound = bound;
  }

  /**
   * Asks again and again as long as the storage is away and the caller waits.
   *
   * @param timer on whose thread it is asked again
   * @param isWanted whether the caller still waits
   * @param onAway notified each time that the storage is away
   * @throws StorageException when too many wait
   */
  public <T> CompletionStage<T> ask(
      ScheduledExecutorService timer,
      BooleanSupplier isWanted,
      Consumer<StorageException> onAway,
      Supplier<CompletionStage<T>> request) {
    if (waiting.incrementAndGet() > bound) {
      waiting.decrementAndGet();
      throw new StorageException(
          Kind.EXHAUSTED, "more than read.maxWaiting = " + bound + " questions wait");
    }
    return Retry.on(timer)
        .whileUnavailable(isWanted, onAway, request)
        .whenComplete((found, failure) -> waiting.decrementAndGet());
  }
}
