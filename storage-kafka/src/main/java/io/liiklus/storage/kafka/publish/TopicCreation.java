package io.liiklus.storage.kafka.publish;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Cached answer of the brokers whether they create missing topics, one for all topics. Thread-safe:
 * guarded by itself.
 */
final class TopicCreation {

  /** Age of an answer after which it is requested again; only a restart of a broker changes it. */
  static final long ANSWER_AGE_NS = TimeUnit.SECONDS.toNanos(30);

  /** The same where brokers gave no answer, as the gateway may lack the right to it. */
  static final long REFUSED_AGE_NS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<CompletionStage<Optional<Boolean>>> request;
  private final LongSupplier clock;

  // Guarded by this.
  private CompletableFuture<Optional<Boolean>> answer;
  private long askedNs;

  /**
   * @param request does not fail; its answer is empty where the brokers refuse to answer
   */
  TopicCreation(Supplier<CompletionStage<Optional<Boolean>>> request, LongSupplier clock) {
    this.request = request;
    this.clock = clock;
  }

  /** Returns the answer; empty where the brokers refuse to answer. */
  synchronized CompletionStage<Optional<Boolean>> isOn() {
    if (answer == null || (answer.isDone() && clock.getAsLong() - askedNs > ageNs())) {
      askedNs = clock.getAsLong();
      answer = request.get().toCompletableFuture();
    }
    return answer;
  }

  private long ageNs() {
    return answer.join().isPresent() ? ANSWER_AGE_NS : REFUSED_AGE_NS;
  }
}
