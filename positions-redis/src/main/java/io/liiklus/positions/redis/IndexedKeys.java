package io.liiklus.positions.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Keys that this connection has added to the index. The first write of a key waits until the index
 * has it, so that no position is found by a scan only; writes of the same key meanwhile wait behind
 * it, in their order. Thread-safe.
 */
final class IndexedKeys {

  /** Above this, the keys are forgotten, and cost two commands each to learn again. */
  private static final int MAX_KEYS = 65_536;

  private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

  /**
   * Writes, once the index has the key.
   *
   * @param index puts the key into the index; asked only where that is not known to be done
   */
  CompletionStage<Void> write(
      String key, Supplier<CompletionStage<Void>> index, Supplier<CompletionStage<Void>> write) {
    if (entries.size() >= MAX_KEYS) {
      entries.values().removeIf(entry -> entry.indexed);
    }
    var entry = entries.computeIfAbsent(key, absent -> new Entry());
    return entry.indexed ? write.get() : entry.writeAfter(index, write);
  }

  /** Forgets all keys, since the server behind may be another one. */
  void forget() {
    entries.clear();
  }

  /** Key in the index, or on its way there. Thread-safe. */
  private static final class Entry {

    private final Queue<Waiting> waiting = new ArrayDeque<>(); // Guarded by this.
    private volatile boolean indexed;

    CompletionStage<Void> writeAfter(
        Supplier<CompletionStage<Void>> index, Supplier<CompletionStage<Void>> write) {
      var mine = new Waiting(write, new CompletableFuture<>());
      boolean isFirst;
      synchronized (this) {
        if (indexed) {
          return write.get();
        }
        isFirst = waiting.isEmpty();
        waiting.add(mine);
      }
      if (isFirst) {
        index.get().whenComplete((done, failure) -> onIndexed(failure));
      }
      return mine.answer;
    }

    private void onIndexed(Throwable failure) {
      var sent = new ArrayList<Runnable>();
      synchronized (this) {
        Waiting next;
        while ((next = waiting.poll()) != null) {
          sent.add(failure == null ? next.send() : next.fail(failure));
        }
        // Only now, so that no later write overtakes those that waited.
        indexed = failure == null;
      }
      // Outside of the lock: answers run their dependents.
      sent.forEach(Runnable::run);
    }
  }

  private record Waiting(Supplier<CompletionStage<Void>> write, CompletableFuture<Void> answer) {

    /** Sends the write; the rest hands the answer on. */
    Runnable send() {
      var stage = write.get();
      return () ->
          stage.whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  answer.completeExceptionally(failure);
                } else {
                  answer.complete(null);
                }
              });
    }

    Runnable fail(Throwable failure) {
      return () -> answer.completeExceptionally(failure);
    }
  }
}
