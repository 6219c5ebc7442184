package io.liiklus.storage.kafka.publish;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The request whether each leader of a topic has its log by now, as far as that is waited for. A
 * leader of a topic made just now that has none refuses a batch, and may then take the next one:
 * after that the first is out of order, again and again until the producer gives it up. Confined to
 * the retrying thread.
 */
final class TopicLeaders {

  /** Requests of all topics at a time, so that many new topics leave the Admin client to others. */
  static final int MAX_REQUESTS = 64;

  /** How long leaders that do not answer are waited for, as one may be away for long. */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

  private final TopicPublisher topic;
  private final KafkaPublisher publisher;

  /** Of all topics together. */
  private final Semaphore requests;

  /** Null: not asked so far. */
  private CompletableFuture<Boolean> answer;

  /** Since when they are waited for; 0: not yet. */
  private long sinceNs;

  TopicLeaders(TopicPublisher topic, KafkaPublisher publisher, Semaphore requests) {
    this.topic = topic;
    this.publisher = publisher;
    this.requests = requests;
  }

  /** Whether they have, or are not waited for any more. */
  boolean haveAnswered() {
    long nowNs = System.nanoTime();
    if (sinceNs == 0) {
      sinceNs = nowNs;
    }
    boolean isDue = answer == null || !answer.getNow(true);
    if (isDue && requests.tryAcquire()) {
      answer = ask();
      var unused = answer.whenComplete((haveLogs, failure) -> requests.release());
    }
    return (answer != null && answer.getNow(false)) || nowNs - sinceNs >= PATIENCE_NS;
  }

  /** False where there is no partition yet; a failure is left to the sending. */
  private CompletableFuture<Boolean> ask() {
    return publisher
        .topics()
        .visibleRanges(topic.topic())
        .handle((ranges, failure) -> failure != null || !ranges.isEmpty())
        .thenCombine(topic.policy().awaitAnswer(), (haveLogs, asked) -> haveLogs)
        .toCompletableFuture();
  }
}
