package io.liiklus.storage.kafka.publish;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Cached cleanup policy of a topic: a record needs a key where the topic is compacted. Requested at
 * most once a {@link #REST_NS}, also where the request is refused. Thread-safe.
 */
final class TopicPolicy {

  /** Age of an answer after which it is requested again. */
  static final long AGE_NS = TimeUnit.SECONDS.toNanos(30);

  /** Shortest time between two requests. */
  static final long REST_NS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<CompletionStage<Boolean>> request;
  private final LongSupplier clock;

  private volatile boolean isCompacted;

  /** Set where it comes of an answer; else of a refused record. */
  private volatile boolean isAnswered;

  /** Time of the last request; at first so long ago that the next one is due. */
  private final AtomicLong askedNs;

  /** Completes when the last request has ended. */
  private volatile CompletionStage<Void> answer = CompletableFuture.completedStage(null);

  TopicPolicy(Supplier<CompletionStage<Boolean>> request, LongSupplier clock) {
    this.request = request;
    this.clock = clock;
    this.askedNs = new AtomicLong(clock.getAsLong() - REST_NS);
  }

  /** Returns whether a record needs a key; requests the policy again where the answer is old. */
  boolean isKeyRequired() {
    if (isDue(AGE_NS)) {
      isCompacted &= isAnswered;
      ask();
    }
    return isCompacted;
  }

  /** A broker refused a record for its missing key, which counts until the next answer. */
  void onKeyMissed() {
    isCompacted = true;
    if (isDue(REST_NS)) {
      ask();
    }
  }

  /** Completes when a request that is due, or the last one, has ended. */
  CompletionStage<Void> awaitAnswer() {
    if (isDue(REST_NS)) {
      ask();
    }
    return answer;
  }

  /** Returns true to one caller of several at a time. */
  private boolean isDue(long ageNs) {
    long nowNs = clock.getAsLong();
    long lastNs = askedNs.get();
    return nowNs - lastNs >= ageNs && askedNs.compareAndSet(lastNs, nowNs);
  }

  private void ask() {
    answer =
        request
            .get()
            .handle(
                (compacted, failure) -> {
                  isAnswered = failure == null;
                  if (isAnswered) {
                    isCompacted = compacted;
                  }
                  return null;
                });
  }
}
