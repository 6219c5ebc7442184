package io.liiklus.storage.kafka.publish;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The brokers' answer whether they create topics that are published to: one for all topics, which
 * is believed for a while. Thread-safe: guarded by itself.
 */
final class TopicCreation {

  /** How long an answer is believed; brokers change theirs by a restart alone. */
  static final long TOLD_AGE_NS = TimeUnit.SECONDS.toNanos(30);

  /** How long they are not asked again who did not tell, as they may not be allowed to. */
  static final long UNTOLD_AGE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<CompletionStage<Optional<Boolean>>> request;
  private final LongSupplier clock;

  // Guarded by this.
  private CompletableFuture<Optional<Boolean>> answer;
  private long askedNs;

  /**
   * @param request does not fail; its answer is empty where the brokers do not tell
   */
  TopicCreation(Supplier<CompletionStage<Optional<Boolean>>> request, LongSupplier clock) {
    this.request = request;
    this.clock = clock;
  }

  /** Empty where the brokers do not tell. */
  synchronized CompletionStage<Optional<Boolean>> isOn() {
    if (answer == null || (answer.isDone() && clock.getAsLong() - askedNs > ageNs())) {
      askedNs = clock.getAsLong();
      answer = request.get().toCompletableFuture();
    }
    return answer;
  }

  private long ageNs() {
    return answer.join().isPresent() ? TOLD_AGE_NS : UNTOLD_AGE_NS;
  }
}
