package io.liiklus.storage.kafka.publish;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Wait, within a bound, until each leader of a topic has its log. The leader of a new topic that
 * has no log yet refuses a batch, and may then accept the next one: after that the first is out of
 * order at each attempt, until the producer gives it up. Confined to the retrying thread.
 */
final class TopicLeaders {

  /** Requests of all topics at a time, so that many new topics leave the Admin client to others. */
  static final int MAX_REQUESTS = 64;

  /** Bound on the wait for leaders, as one may be away for long. */
  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

  private final TopicPublisher topic;
  private final KafkaPublisher publisher;

  /** Permits of the requests of all topics. */
  private final Semaphore requests;

  /** Answer of the last request; null: there was none. */
  private CompletableFuture<Boolean> answer;

  /** Begin of the wait; 0: not yet. */
  private long sinceNs;

  TopicLeaders(TopicPublisher topic, KafkaPublisher publisher, Semaphore requests) {
    this.topic = topic;
    this.publisher = publisher;
    this.requests = requests;
  }

  /** Returns whether they have their logs, or the wait is over. */
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

  /** Completes with false where there is no partition yet; a failure is left to the sending. */
  private CompletableFuture<Boolean> ask() {
    return publisher
        .topics()
        .visibleRanges(topic.topic())
        .handle((ranges, failure) -> failure != null || !ranges.isEmpty())
        .thenCombine(topic.policy().awaitAnswer(), (haveLogs, asked) -> haveLogs)
        .toCompletableFuture();
  }
}
