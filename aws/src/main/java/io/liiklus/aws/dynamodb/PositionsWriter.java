package io.liiklus.aws.dynamodb;

import io.liiklus.api.GroupPositions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;

/**
 * Writes of positions, one of an item at a time, so that the last of this gateway is the last that
 * DynamoDB gets. Those that come meanwhile wait, and as many as one request may have are written
 * together; of several of a partition the last one. Thread-safe.
 */
final class PositionsWriter {

  /** Writes one batch. */
  interface Update {
    CompletionStage<Void> write(String topic, String groupKey, Map<Integer, Long> offsets);
  }

  private final Update update;
  private final Duration patience;
  private final LongSupplier clockNs;

  // Guarded by this. An item is there while a write of it is under way.
  private final Map<Item, Queue<WaitingWrite>> waiting = new HashMap<>();

  /** Keys of an item. Immutable. */
  private record Item(String topic, String groupKey) {}

  /**
   * @param patience how long a write may wait for those before it; after that it fails
   * @param clockNs as {@link System#nanoTime}
   */
  PositionsWriter(Update update, Duration patience, LongSupplier clockNs) {
    this.update = update;
    this.patience = patience;
    this.clockNs = clockNs;
  }

  CompletionStage<Void> store(GroupPositions positions) {
    var item = new Item(positions.topic(), PositionItem.groupKey(positions.group()));
    var writes = WaitingWrite.of(positions.offsets(), clockNs.getAsLong() + patience.toNanos());
    boolean isFirst;
    synchronized (this) {
      var queue = waiting.get(item);
      isFirst = queue == null;
      if (isFirst) {
        queue = new ArrayDeque<>();
        waiting.put(item, queue);
      }
      queue.addAll(writes);
    }
    if (isFirst) {
      writeNext(item);
    }
    return CompletableFuture.allOf(
        writes.stream().map(WaitingWrite::stored).toArray(CompletableFuture<?>[]::new));
  }

  /** Writes batch after batch, until none waits. Returns while one is under way. */
  private void writeNext(Item item) {
    for (var batch = take(item); batch != null; batch = take(item)) {
      var taken = batch;
      taken.failLate();
      var write = write(item, taken.offsets());
      if (!write.isDone()) {
        var unused =
            write.whenComplete(
                (done, failure) -> {
                  taken.answer(failure);
                  writeNext(item);
                });
        return;
      }
      // It is done: this runs here.
      var unused = write.whenComplete((done, failure) -> taken.answer(failure));
    }
  }

  /** Null where none waits: then the next one begins anew. */
  private synchronized WriteBatch take(Item item) {
    var batch = WriteBatch.take(waiting.get(item), clockNs.getAsLong());
    if (batch == null) {
      waiting.remove(item);
    }
    return batch;
  }

  private CompletableFuture<Void> write(Item item, Map<Integer, Long> offsets) {
    return offsets.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : update.write(item.topic(), item.groupKey(), offsets).toCompletableFuture();
  }
}
