package io.liiklus.storage.kafka.client;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Look-ups by name, one at a time for each name. Callers that come while a look-up is under way
 * share the next one, so that no answer is older than its call. Thread-safe: guarded by itself.
 */
public final class SharedLookups<T> {

  private final Function<String, CompletionStage<T>> lookup;

  /** By name that is being looked up: the answer of the next look-up, where callers wait for it. */
  private final Map<String, Optional<CompletableFuture<T>>> underWay = new HashMap<>();

  public SharedLookups(Function<String, CompletionStage<T>> lookup) {
    this.lookup = lookup;
  }

  public CompletionStage<T> look(String name) {
    var answer = new CompletableFuture<T>();
    synchronized (this) {
      var next = underWay.get(name);
      if (next != null) {
        var shared = next.orElse(answer);
        underWay.put(name, Optional.of(shared));
        return shared.copy();
      }
      underWay.put(name, Optional.empty());
    }
    look(name, answer);
    return answer.copy();
  }

  private void look(String name, CompletableFuture<T> answer) {
    var unused =
        lookup
            .apply(name)
            .whenComplete(
                (found, failure) -> {
                  boolean isAway = failure != null && isUnavailable(failure);
                  var next = takeNext(name, isAway);
                  if (next.isPresent() && !isAway) {
                    look(name, next.get());
                  }
                  conclude(answer, found, failure);
                  // A server that is away would keep these callers waiting as long again.
                  next.filter(waiting -> isAway)
                      .ifPresent(waiting -> conclude(waiting, found, failure));
                });
  }

  /**
   * @param isLast whether no look-up follows, even if callers wait for one
   */
  private synchronized Optional<CompletableFuture<T>> takeNext(String name, boolean isLast) {
    var next = underWay.remove(name);
    if (next.isPresent() && !isLast) {
      underWay.put(name, Optional.empty());
    }
    return next;
  }

  private static boolean isUnavailable(Throwable failure) {
    return StorageException.of(failure).kind() == Kind.UNAVAILABLE;
  }

  private static <T> void conclude(CompletableFuture<T> answer, T found, Throwable failure) {
    if (failure == null) {
      answer.complete(found);
    } else {
      answer.completeExceptionally(failure);
    }
  }
}
