package io.liiklus.storage.kafka.positions;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** The answer of one store, which completes with its last record. Thread-safe. */
final class StoreAnswer extends CompletableFuture<Void> {

  private final AtomicInteger open;
  private volatile Throwable failure;

  /**
   * @param records how many it has
   */
  StoreAnswer(int records) {
    this.open = new AtomicInteger(records);
  }

  /**
   * To be called once for each record.
   *
   * @param thrown null: stored
   */
  void onRecord(Throwable thrown) {
    if (thrown != null) {
      failure = thrown;
    }
    if (open.decrementAndGet() > 0) {
      return;
    }
    if (failure == null) {
      complete(null);
    } else {
      completeExceptionally(failure);
    }
  }
}
