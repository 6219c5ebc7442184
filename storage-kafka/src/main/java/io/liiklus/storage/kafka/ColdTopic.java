package io.liiklus.storage.kafka;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records of a topic that the producer does not know yet, in the order in which they came. Every
 * {@link #RETRY_MS} it is looked whether the producer knows the topic by now, and whether the
 * cluster does. Thread-safe: guarded by itself, and away from the path of records whose topic is
 * known.
 */
final class ColdTopic {

  private static final long RETRY_MS = 20;

  /** How long it is waited for leaders that do not answer, as one may be away for long. */
  private static final long LEADERS_NS = TimeUnit.SECONDS.toNanos(1);

  /** Looks in a row that must agree before it is believed that there is no such topic. */
  private static final int LOOKS_TO_BELIEVE = 2;

  /**
   * @param waitingBytes what waits in all cold topics
   * @param mostWaitingBytes the bound on that
   * @param creation how long a broker that creates topics may take for it
   */
  record Bounds(AtomicLong waitingBytes, long mostWaitingBytes, Duration creation) {}

  /** What the cluster says; {@code createsTopics} is empty where it does not tell. */
  private record Look(int partitionCount, Optional<Boolean> createsTopics) {}

  private final String topic;
  private final KafkaPublisher publisher;
  private final KafkaTopics topics;
  private final ScheduledExecutorService retries;
  private final Bounds bounds;
  private final long sinceNs = System.nanoTime();

  // The retrying thread's own: whether the leaders told of their logs, and since when it asks.
  private CompletableFuture<Boolean> leaders;
  private long leadersAskedNs;

  // Guarded by this.
  private final Deque<PendingPublish> waiting = new ArrayDeque<>();
  private boolean isStarted;
  private boolean isClosed;
  private boolean isLooking;
  private int unknownLooks;

  ColdTopic(
      String topic,
      KafkaPublisher publisher,
      KafkaTopics topics,
      ScheduledExecutorService retries,
      Bounds bounds) {
    this.topic = topic;
    this.publisher = publisher;
    this.topics = topics;
    this.retries = retries;
    this.bounds = bounds;
  }

  String topic() {
    return topic;
  }

  /** Begins to look for the topic, if that has not begun. */
  void start() {
    boolean isFirst;
    synchronized (this) {
      isFirst = !isStarted;
      isStarted = true;
    }
    if (isFirst) {
      schedule();
    }
  }

  /** False when the topic is known by now: the record is to be sent. */
  synchronized boolean offer(PendingPublish pending) {
    if (isClosed) {
      return false;
    }
    if (bounds.waitingBytes().addAndGet(pending.bytes) > bounds.mostWaitingBytes()) {
      bounds.waitingBytes().addAndGet(-pending.bytes);
      pending.fail(
          new StorageException(
              Kind.EXHAUSTED,
              "more than kafka.waitingPublishes = "
                  + bounds.mostWaitingBytes()
                  + " bytes wait for topics that Kafka has not told of yet"));
    } else {
      waiting.add(pending);
    }
    return true;
  }

  void failAll(StorageException failure) {
    for (var pending : close()) {
      pending.fail(failure);
    }
  }

  private void schedule() {
    try {
      var unused = retries.schedule(this::retry, RETRY_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      failAll(new StorageException(Kind.CLOSED, "the gateway is shutting down"));
    }
  }

  private void retry() {
    dropExpired();
    try {
      if (publisher.isKnown(topic) && haveLeadersAnswered() && sendAll()) {
        return;
      }
      look();
      if (!closeIfEmpty()) {
        schedule();
      }
    } catch (RuntimeException failure) {
      failAll(KafkaFailures.of(failure));
    }
  }

  /**
   * Whether each leader has its log by now, as far as that is waited for. A leader of a topic made
   * just now that has none refuses a batch, and may then take the next one: after that the first is
   * out of order, again and again until the producer gives it up.
   */
  private boolean haveLeadersAnswered() {
    long nowNs = System.nanoTime();
    if (leaders == null) {
      leadersAskedNs = nowNs;
    }
    if (leaders == null || !leaders.getNow(true)) {
      leaders = askLeaders();
    }
    return leaders.getNow(false) || nowNs - leadersAskedNs >= LEADERS_NS;
  }

  /** False where there is no partition yet; a failure is left to the sending. */
  private CompletableFuture<Boolean> askLeaders() {
    return topics
        .visibleEnds(topic)
        .handle((ends, failure) -> failure != null || !ends.isEmpty())
        .toCompletableFuture();
  }

  /** In order, and before any that comes meanwhile; false when the topic got unknown again. */
  private synchronized boolean sendAll() {
    while (!waiting.isEmpty()) {
      if (!publisher.send(waiting.peek())) {
        return false;
      }
      release(waiting.remove());
    }
    return closeIfEmpty();
  }

  private void dropExpired() {
    var expired = new ArrayList<PendingPublish>();
    synchronized (this) {
      long nowNs = System.nanoTime();
      waiting.removeIf(pending -> pending.deadlineNs - nowNs <= 0 && expired.add(pending));
      expired.forEach(this::release);
    }
    for (var pending : expired) {
      pending.fail(
          new StorageException(Kind.UNAVAILABLE, "Kafka has not told of topic " + topic + " yet"));
    }
  }

  private void look() {
    synchronized (this) {
      if (isLooking || isClosed) {
        return;
      }
      isLooking = true;
    }
    CompletionStage<Look> look =
        topics
            .partitionCount(topic)
            .thenCompose(
                count ->
                    count > 0
                        ? CompletableFuture.completedStage(new Look(count, Optional.empty()))
                        : topics.createsTopics().thenApply(creates -> new Look(0, creates)));
    var unused = look.whenComplete(this::onLooked);
  }

  private void onLooked(Look look, Throwable failure) {
    if (failure != null) {
      onLookFailed(KafkaFailures.of(failure));
    } else if (isMissing(look)) {
      failAll(
          new StorageException(
              Kind.UNKNOWN_TOPIC, "there is no topic " + topic + ", and Kafka does not create it"));
    }
  }

  private synchronized boolean isMissing(Look look) {
    isLooking = false;
    if (look.partitionCount() > 0) {
      unknownLooks = 0;
      return false;
    }
    unknownLooks++;
    boolean isCreatable = look.createsTopics().orElse(true);
    boolean isOverdue = System.nanoTime() - sinceNs > bounds.creation().toNanos();
    return unknownLooks >= LOOKS_TO_BELIEVE && (!isCreatable || isOverdue);
  }

  private void onLookFailed(StorageException failure) {
    synchronized (this) {
      isLooking = false;
    }
    if (failure.kind() != Kind.UNAVAILABLE) {
      failAll(failure);
    }
  }

  private synchronized boolean closeIfEmpty() {
    if (waiting.isEmpty() && !isClosed) {
      isClosed = true;
      publisher.forget(this);
    }
    return isClosed;
  }

  private synchronized List<PendingPublish> close() {
    isClosed = true;
    var left = List.copyOf(waiting);
    waiting.clear();
    left.forEach(this::release);
    publisher.forget(this);
    return left;
  }

  private void release(PendingPublish pending) {
    bounds.waitingBytes().addAndGet(-pending.bytes);
  }
}
