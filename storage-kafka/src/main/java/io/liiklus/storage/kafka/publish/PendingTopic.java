package io.liiklus.storage.kafka.publish;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Queue of one topic's records, in order of arrival: until the producer knows the topic, or behind
 * records that are sent again. It retries every {@link #RETRY_MS}, and less often, up to {@link
 * #MAX_UNKNOWN_RETRY_MS}, while the topic is unknown. Once it is empty it closes, and the topic's
 * records go straight to the producer. Thread-safe: guarded by itself, and off the path of records
 * whose topic is known.
 *
 * <p><b>Sent again</b> are valid records whose batch the broker refused for another record. They go
 * first, in their old order, and only when the producer has answered all other records of the
 * topic: no record that was refused with them may come between. A record that a later one of its
 * key has overtaken is not sent again, as it would then stand behind it.
 *
 * <p>Threads: {@link #takeBack} and {@link #onStored} on the producer's, retries on the retrying
 * thread, the others on any. Order of locks: this one, then the topic's.
 */
final class PendingTopic {

  private static final long RETRY_MS = 20;

  /** Longest pause, to which pauses double while the producer does not know the topic. */
  private static final long MAX_UNKNOWN_RETRY_MS = 320;

  /** Records that are sent in one hold of the lock. */
  private static final int RECORDS_IN_A_TURN = 64;

  private final TopicPublisher topic;
  private final KafkaPublisher publisher;
  private final ScheduledExecutorService retries;
  private final MissingTopic missing;

  // Retrying thread only.
  private final TopicLeaders leaders;

  /** Pause before the next retry. */
  private long retryMs = RETRY_MS;

  // Guarded by this.
  private final Deque<PendingPublish> waiting = new ArrayDeque<>();
  private final List<PendingPublish> takenBack = new ArrayList<>();
  private boolean isStarted;
  private boolean isClosed;

  /** Set while the producer has not answered all records that were sent again. */
  private boolean isSettling;

  /** By key: number of its last record that was stored while records were taken back. */
  private final Map<ByteBuffer, Long> overtaking = new HashMap<>();

  PendingTopic(TopicPublisher topic, KafkaPublisher publisher, ScheduledExecutorService retries) {
    this.topic = topic;
    this.publisher = publisher;
    this.retries = retries;
    this.missing = publisher.missingTopic(topic.topic());
    this.leaders = publisher.leaders(topic);
  }

  /** Begins the retries, if they have not begun. */
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

  /** Adds a record. Returns false where the queue has closed: the record is to be sent. */
  synchronized boolean offer(PendingPublish record) {
    if (isClosed) {
      return false;
    }
    if (publisher.reserve(record.bytes)) {
      record.waitIn(this);
      waiting.add(record);
    } else {
      record.fail(publisher.full("kafka.waitingPublishes"));
    }
    return true;
  }

  /** As {@link #offer}, for a record that the producer had already; not bounded. */
  synchronized boolean takeBack(PendingPublish record) {
    if (isClosed) {
      return false;
    }
    publisher.reserveAnyway(record.bytes);
    record.waitIn(this);
    takenBack.add(record);
    return true;
  }

  synchronized void onStored(PendingPublish record) {
    if (!takenBack.isEmpty() && record.record.key() != null) {
      overtaking.merge(ByteBuffer.wrap(record.record.key()), record.number, Math::max);
    }
  }

  /** See {@link PendingPublish#withdraw}. The next retry removes it from the queue. */
  synchronized boolean withdraw(PendingPublish record) {
    boolean isWaiting = record.waitsIn(this);
    if (isWaiting) {
      release(record);
    }
    return isWaiting;
  }

  void failAll(StorageException failure) {
    // First, so that records published from now on wait in one queue.
    topic.retire();
    for (var record : close()) {
      record.fail(failure.asNotStored());
    }
  }

  private void schedule() {
    try {
      var unused = retries.schedule(this::retry, retryMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closed) {
      failAll(KafkaPublisher.closed());
    }
  }

  private void retry() {
    dropExpired();
    try {
      if (publisher.isKnown(topic.topic())) {
        retryMs = RETRY_MS;
        if (leaders.haveAnswered() && sendAll()) {
          return;
        }
      } else {
        retryMs = Math.min(2 * retryMs, MAX_UNKNOWN_RETRY_MS);
        missing.look(this::failAll);
      }
      if (!closeIfEmpty()) {
        schedule();
      }
    } catch (RuntimeException | Error failure) {
      failAll(KafkaFailures.of(failure));
    }
  }

  /** Sends in order, before any record that comes meanwhile. Returns false while some are left. */
  private boolean sendAll() {
    while (sendSome()) {
      // The lock is free in between, so that event loops that add records do not wait for long.
    }
    return closeIfEmpty();
  }

  /** Sends a turn of records; closes where none is left. Returns whether more can be sent. */
  private synchronized boolean sendSome() {
    boolean isBehindOthers = isSettling || !takenBack.isEmpty();
    if (isBehindOthers && (topic.outstanding() > 0 || !sendAgain())) {
      return false;
    }
    for (int i = 0; i < RECORDS_IN_A_TURN && !waiting.isEmpty(); i++) {
      if (!send(waiting.peek())) {
        return false;
      }
      waiting.remove();
    }
    return !closeIfEmpty();
  }

  /** Sends taken-back records by themselves. Returns false while not all are answered. */
  private boolean sendAgain() {
    isSettling = !takenBack.isEmpty();
    takenBack.sort(Comparator.comparingLong(record -> record.number));
    while (!takenBack.isEmpty()) {
      var record = takenBack.get(0);
      if (isOvertaken(record)) {
        release(record);
        record.failNotStored(
            Kind.UNAVAILABLE,
            "Kafka refused another record of the same batch, and has stored a later record of the"
                + " key; publish again");
      } else if (!send(record)) {
        return false;
      }
      takenBack.remove(0);
    }
    overtaking.clear();
    return !isSettling;
  }

  private boolean isOvertaken(PendingPublish record) {
    var key = record.record.key();
    return key != null
        && record.waitsIn(this)
        && overtaking.getOrDefault(ByteBuffer.wrap(key), -1L) > record.number;
  }

  /** Returns false where the record is still to be sent. */
  private boolean send(PendingPublish record) {
    if (!record.waitsIn(this)) {
      return true; // Withdrawn.
    }
    if (record.record.key() == null && topic.policy().isKeyRequired()) {
      release(record);
      topic.failWithoutKey(record);
      return true;
    }
    record.waitIn(null);
    if (topic.send(record) != PendingPublish.Sent.TAKEN) {
      record.waitIn(this);
      return false;
    }
    publisher.free(record.bytes);
    return true;
  }

  private void dropExpired() {
    long nowNs = System.nanoTime();
    for (var record : take(record -> record.deadlineNs - nowNs <= 0)) {
      record.failNotStored(
          Kind.UNAVAILABLE, "Kafka took no records of topic " + topic.topic() + " in time");
    }
  }

  /** Removes records that match, to be answered without the lock, and withdrawn ones. */
  private synchronized List<PendingPublish> take(Predicate<PendingPublish> isWanted) {
    var taken = new ArrayList<PendingPublish>();
    for (var queue : List.of(takenBack, waiting)) {
      queue.removeIf(
          record -> {
            boolean isWithdrawn = !record.waitsIn(this);
            if (!isWithdrawn && isWanted.test(record)) {
              release(record);
              taken.add(record);
              return true;
            }
            return isWithdrawn;
          });
    }
    return taken;
  }

  private synchronized boolean closeIfEmpty() {
    if (waiting.isEmpty() && takenBack.isEmpty() && !isSettling && !isClosed) {
      isClosed = true;
      topic.forget(this);
    }
    return isClosed;
  }

  private synchronized List<PendingPublish> close() {
    isClosed = true;
    topic.forget(this);
    return take(record -> true);
  }

  private void release(PendingPublish record) {
    record.waitIn(null);
    publisher.free(record.bytes);
  }
}
