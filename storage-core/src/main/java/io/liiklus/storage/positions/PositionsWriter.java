package io.liiklus.storage.positions;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Writes of positions, one of a group at a time, so that the last of this gateway is the last that
 * the server gets. Those that come meanwhile wait, and as many as one request may have are written
 * together; of several of a partition the last one. Thread-safe.
 *
 * @param <K> the key of a group's positions
 */
public final class PositionsWriter<K> {

  /** Writes one batch. */
  public interface Update<K> {
    CompletionStage<Void> write(K group, Map<Integer, Long> offsets);
  }

  private final Update<K> update;
  private final int maxPositions;
  private final Duration patience;
  private final LongSupplier clockNs;

  // Guarded by this. A group is there while a write of it is under way.
  private final Map<K, Queue<WaitingWrite>> waiting = new HashMap<>();

  /**
   * @param maxPositions of one request
   * @param patience how long a write may wait for those before it; after that it fails
   * @param clockNs as {@link System#nanoTime}
   */
  public PositionsWriter(
      Update<K> update, int maxPositions, Duration patience, LongSupplier clockNs) {
    this.update = update;
    this.maxPositions = maxPositions;
    this.patience = patience;
    this.clockNs = clockNs;
  }

  /** Completes when the server has them all. */
  public CompletionStage<Void> store(K group, Map<Integer, Long> offsets) {
    long untilNs = clockNs.getAsLong() + patience.toNanos();
    var writes = WaitingWrite.of(offsets, maxPositions, untilNs);
    boolean isFirst;
    synchronized (this) {
      var queue = waiting.get(group);
      isFirst = queue == null;
      if (isFirst) {
        queue = new ArrayDeque<>();
        waiting.put(group, queue);
      }
      queue.addAll(writes);
    }
    if (isFirst) {
      writeNext(group);
    }
    return CompletableFuture.allOf(
        writes.stream().map(WaitingWrite::stored).toArray(CompletableFuture<?>[]::new));
  }

  /** Writes batch after batch, until none waits. Returns while one is under way. */
  private void writeNext(K group) {
    for (var batch = take(group); batch != null; batch = take(group)) {
      var taken = batch;
      taken.failLate();
      var write = write(group, taken.offsets());
      if (!write.isDone()) {
        var unused =
            write.whenComplete(
                (done, failure) -> {
                  taken.answer(failure);
                  writeNext(group);
                });
        return;
      }
      // It is done: this runs here.
      var unused = write.whenComplete((done, failure) -> taken.answer(failure));
    }
  }

  /** Null where none waits: then the next one begins anew. */
  private synchronized WriteBatch take(K group) {
    var batch = WriteBatch.take(waiting.get(group), maxPositions, clockNs.getAsLong());
    if (batch == null) {
      waiting.remove(group);
    }
    return batch;
  }

  private CompletableFuture<Void> write(K group, Map<Integer, Long> offsets) {
    if (offsets.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    try {
      return update.write(group, offsets).toCompletableFuture();
    } catch (RuntimeException refused) {
      return CompletableFuture.failedFuture(refused);
    }
  }
}
