package io.liiklus.storage.positions;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** Writes of one group that become one request. Confined to who took them. */
final class WriteBatch {

  private final Map<Integer, Long> offsets = new HashMap<>();
  private final List<WaitingWrite> writes = new ArrayList<>();
  private final List<WaitingWrite> late = new ArrayList<>();

  private WriteBatch() {}

  /** Takes those in front, as many as one request may have; null where none waits. */
  static WriteBatch take(Queue<WaitingWrite> waiting, int maxPositions, long nowNs) {
    if (waiting.isEmpty()) {
      return null;
    }
    var batch = new WriteBatch();
    while (!waiting.isEmpty() && batch.takes(waiting.peek(), maxPositions, nowNs)) {
      var write = waiting.remove();
      if (isLate(write, nowNs)) {
        batch.late.add(write);
      } else {
        batch.writes.add(write);
        batch.offsets.putAll(write.offsets());
      }
    }
    return batch;
  }

  private boolean takes(WaitingWrite write, int maxPositions, long nowNs) {
    if (isLate(write, nowNs)) {
      return true;
    }
    long added = write.offsets().keySet().stream().filter(one -> !offsets.containsKey(one)).count();
    return offsets.size() + added <= maxPositions;
  }

  private static boolean isLate(WaitingWrite write, long nowNs) {
    return write.untilNs() - nowNs < 0;
  }

  /** By partition; empty where all were late. */
  Map<Integer, Long> offsets() {
    return offsets;
  }

  /** Fails those that have waited for too long. */
  void failLate() {
    for (var write : late) {
      write
          .stored()
          .completeExceptionally(
              new StorageException(
                  Kind.UNAVAILABLE,
                  "the writes before took too long; the position was not written"));
    }
  }

  /**
   * Answers all others.
   *
   * @param failure null: stored
   */
  void answer(Throwable failure) {
    for (var write : writes) {
      if (failure == null) {
        write.stored().complete(null);
      } else {
        write.stored().completeExceptionally(failure);
      }
    }
  }
}
