package io.liiklus.storage.kafka.publish;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Whether a topic is compacted, so that a record needs a key, as far as that is known. A broker is
 * asked once a {@link #REST_NS} at the most, whoever wants to know and however often it is not
 * allowed. Thread-safe.
 */
final class TopicPolicy {

  /** How long it is believed what a broker said. */
  static final long AGE_NS = TimeUnit.SECONDS.toNanos(30);

  /** How long it is not asked again. */
  static final long REST_NS = TimeUnit.SECONDS.toNanos(1);

  private final Supplier<CompletionStage<Boolean>> request;
  private final LongSupplier clock;

  private volatile boolean isCompacted;

  /** Whether a broker said so itself; else a refusal did. */
  private volatile boolean isTold;

  /** At first so long ago that one who has to know can ask. */
  private final AtomicLong askedNs;

  /** Completes when the broker has answered the last request, or did not. */
  private volatile CompletionStage<Void> answer = CompletableFuture.completedStage(null);

  TopicPolicy(Supplier<CompletionStage<Boolean>> request, LongSupplier clock) {
    this.request = request;
    this.clock = clock;
    this.askedNs = new AtomicLong(clock.getAsLong() - REST_NS);
  }

  /** Whether a record needs a key; asks anew where the answer is old. */
  boolean isKeyRequired() {
    if (isDue(AGE_NS)) {
      isCompacted &= isTold;
      ask();
    }
    return isCompacted;
  }

  /** A broker refused a record for its missing key, which is believed until it is asked again. */
  void onKeyMissed() {
    isCompacted = true;
    if (isDue(REST_NS)) {
      ask();
    }
  }

  /** Completes when the broker has answered, or did not; soon, where it was asked just now. */
  CompletionStage<Void> awaitAnswer() {
    if (isDue(REST_NS)) {
      ask();
    }
    return answer;
  }

  /** For one caller, however many ask at a time. */
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
                  isTold = failure == null;
                  if (isTold) {
                    isCompacted = compacted;
                  }
                  return null;
                });
  }
}
