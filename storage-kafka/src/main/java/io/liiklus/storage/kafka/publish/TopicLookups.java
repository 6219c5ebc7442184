package io.liiklus.storage.kafka.publish;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Look-ups of the topics that publishes wait for: one request at a time, of many names. So
 * thousands of such topics keep the Admin client no busier than one. Thread-safe: guarded by
 * itself.
 */
final class TopicLookups {

  /** Bound on the names in a request. */
  static final int MAX_NAMES = 500;

  private final Function<List<String>, Map<String, CompletionStage<Integer>>> lookup;

  // Guarded by this.

  /** Topics of the next requests, in their order. Bounded by the number of pending topics. */
  private final Map<String, CompletableFuture<Integer>> waiting = new LinkedHashMap<>();

  private boolean isLooking;

  /**
   * @param lookup one request: the number of partitions by topic, for each name that it is given
   */
  TopicLookups(Function<List<String>, Map<String, CompletionStage<Integer>>> lookup) {
    this.lookup = lookup;
  }

  /** Returns the number of partitions, by a request that is still to be sent; 0: no such topic. */
  CompletionStage<Integer> partitionCount(String topic) {
    CompletableFuture<Integer> count;
    boolean isFirst;
    synchronized (this) {
      count = waiting.computeIfAbsent(topic, name -> new CompletableFuture<>());
      isFirst = !isLooking;
      isLooking = true;
    }
    if (isFirst) {
      lookNext();
    }
    return count;
  }

  private void lookNext() {
    var asked = takeNext();
    if (asked.isEmpty()) {
      return;
    }
    var counts = lookup.apply(List.copyOf(asked.keySet()));
    var answers = new ArrayList<CompletableFuture<Void>>();
    asked.forEach((topic, answer) -> answers.add(conclude(counts.get(topic), answer)));
    var unused =
        CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
            .whenComplete((all, failure) -> lookNext());
  }

  private synchronized Map<String, CompletableFuture<Integer>> takeNext() {
    var next = new LinkedHashMap<String, CompletableFuture<Integer>>();
    var each = waiting.entrySet().iterator();
    while (each.hasNext() && next.size() < MAX_NAMES) {
      var topic = each.next();
      next.put(topic.getKey(), topic.getValue());
      each.remove();
    }
    isLooking = !next.isEmpty();
    return next;
  }

  private static CompletableFuture<Void> conclude(
      CompletionStage<Integer> count, CompletableFuture<Integer> answer) {
    return count
        .<Void>handle(
            (found, failure) -> {
              if (failure == null) {
                answer.complete(found);
              } else {
                answer.completeExceptionally(failure);
              }
              return null;
            })
        .toCompletableFuture();
  }
}
