package io.liiklus.server.session;

import io.liiklus.api.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Acks that one write answers, and flushes that wait for no more than these. Confined to its
 * shard's event loop.
 */
final class AckBatch {

  /** A call that waits for its position to be stored, and its answer. In one batch at a time. */
  static final class Waiter extends CompletableFuture<Void> {
    private final long deadlineNs;
    private final Consumer<StorageException> onAway;
    private Waiter next;

    /**
     * @param onAway notified each time that the storage is away
     */
    Waiter(long deadlineNs, Consumer<StorageException> onAway) {
      this.deadlineNs = deadlineNs;
      this.onAway = onAway;
    }

    private boolean isExpired(long nowNs) {
      return deadlineNs - nowNs <= 0;
    }
  }

  private Waiter first;
  private Waiter last;
  private int size;
  private List<CompletableFuture<Void>> flushes = List.of();

  int size() {
    return size;
  }

  void add(Waiter waiter) {
    if (first == null) {
      first = waiter;
    } else {
      last.next = waiter;
    }
    last = waiter;
    size++;
  }

  void addFlush(CompletableFuture<Void> flush) {
    if (flushes.isEmpty()) {
      flushes = new ArrayList<>();
    }
    flushes.add(flush);
  }

  boolean isFlushed() {
    return !flushes.isEmpty();
  }

  /** Takes over all that wait in the other, which is left as it is and must not be used again. */
  void addAll(AckBatch other) {
    if (other.first != null) {
      add(other.first);
      last = other.last;
      size += other.size - 1;
    }
    other.flushes.forEach(this::addFlush);
  }

  /** Takes out those whose deadline has passed, for a batch of their own. */
  AckBatch takeExpired(long nowNs) {
    var expired = new AckBatch();
    var all = first;
    first = null;
    size = 0;
    while (all != null) {
      var waiter = all;
      all = waiter.next;
      waiter.next = null;
      (waiter.isExpired(nowNs) ? expired : this).add(waiter);
    }
    return expired;
  }

  /** Notifies all that wait that they go on waiting, and why. */
  void onAway(StorageException failure) {
    for (var waiter = first; waiter != null; waiter = waiter.next) {
      waiter.onAway.accept(failure);
    }
  }

  /**
   * Answers all that wait, then the flushes.
   *
   * @param failure null: stored
   */
  void answer(StorageException failure) {
    while (first != null) {
      var waiter = first;
      first = waiter.next;
      if (failure == null) {
        waiter.complete(null);
      } else {
        waiter.completeExceptionally(failure);
      }
    }
    flushes.forEach(flush -> flush.complete(null));
  }
}
