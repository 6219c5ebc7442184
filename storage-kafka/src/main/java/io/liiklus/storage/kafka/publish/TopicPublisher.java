package io.liiklus.storage.kafka.publish;

import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Publisher to one topic, in the order of the calls. Thread-safe.
 *
 * <p>A record goes straight to the producer, or waits in the topic's {@link PendingTopic}: while
 * the producer does not know the topic, and while records are sent again whose batch was refused
 * for a neighbour.
 *
 * <p>Most such refusals never happen, since the {@link TopicPolicy} is known: a record without a
 * key is refused here for a compacted topic. Two counts, of records sent and answered, show when
 * the producer has none.
 */
final class TopicPublisher {

  private final String topic;
  private final KafkaPublisher publisher;
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();

  /** Queue of waiting records; null: none waits. Set under this object's lock. */
  private volatile PendingTopic pending;

  /** Set once this topic may have another publisher. Written under this object's lock. */
  private boolean isRetired;

  private final TopicPolicy policy;

  /** Count of sent records at the last {@link #retireUnused}. */
  private long sentBefore;

  TopicPublisher(String topic, KafkaPublisher publisher) {
    this.topic = topic;
    this.publisher = publisher;
    this.policy = new TopicPolicy(() -> publisher.topics().isCompacted(topic), System::nanoTime);
  }

  String topic() {
    return topic;
  }

  void publish(PendingPublish record) {
    if (waitsInOrder(record)) {
      return;
    }
    if (record.record.key() == null && policy.isKeyRequired()) {
      answered.incrementAndGet();
      failWithoutKey(record);
      return;
    }
    switch (sendCounted(record)) {
      case TAKEN -> {}
      case FULL -> record.fail(publisher.full("kafka.properties.buffer.memory"));
      case TOPIC_UNKNOWN -> {
        PendingTopic unknown;
        do {
          unknown = pending();
        } while (!unknown.offer(record));
        unknown.start();
      }
    }
  }

  /**
   * Returns whether the record waits behind others; else it is counted as sent. It is counted
   * before the look at the queue, so that a queue that sees no record in the producer misses none.
   */
  private boolean waitsInOrder(PendingPublish record) {
    while (true) {
      record.number = sent.incrementAndGet();
      var waiting = pending;
      if (waiting == null) {
        return false;
      }
      answered.incrementAndGet();
      if (waiting.offer(record)) {
        return true;
      }
    }
  }

  /** Sends a record that has waited, or was sent before, under its old number. */
  PendingPublish.Sent send(PendingPublish record) {
    sent.incrementAndGet();
    return sendCounted(record);
  }

  private PendingPublish.Sent sendCounted(PendingPublish record) {
    if (!publisher.beginSend()) {
      answered.incrementAndGet();
      return PendingPublish.Sent.FULL;
    }
    var outcome = record.send(publisher.producer());
    if (outcome != PendingPublish.Sent.TAKEN) {
      answered.incrementAndGet();
      publisher.cancelSend();
    }
    return outcome;
  }

  /** Returns the number of records that the producer has not answered. */
  long outstanding() {
    // In this order: a late count makes the result larger, never smaller.
    long answers = answered.get();
    return sent.get() - answers;
  }

  void onAnswered() {
    answered.incrementAndGet();
    publisher.endSend();
  }

  /** The producer did not take the record. */
  void onSendFailed(Throwable failure) {
    publisher.onSendFailed(failure);
    onAnswered();
  }

  /** Producer's thread. */
  void onStored(PendingPublish record) {
    var waiting = pending;
    if (waiting != null) {
      waiting.onStored(record);
    }
    onAnswered();
  }

  /** Producer's thread: the broker refused the record for itself. */
  void onRefused(PendingPublish record, Exception failure) {
    if (record.record.key() == null && BrokerRefusals.isOfMissingKey(failure)) {
      policy.onKeyMissed();
    }
    onAnswered();
  }

  /**
   * Producer's thread: the record was refused for a neighbour, so it is surely not stored. It is
   * sent again, before every record that comes from now on.
   */
  void sendAgain(PendingPublish record) {
    PendingTopic waiting;
    do {
      waiting = pending();
    } while (!waiting.takeBack(record));
    onAnswered();
    waiting.start();
  }

  void failWithoutKey(PendingPublish record) {
    record.failNotStored(
        Kind.BAD_RECORD,
        "key: is empty, and the topic %s is compacted (cleanup.policy): a record needs a key"
            .formatted(topic));
  }

  /** See {@link TopicPolicy}. */
  TopicPolicy policy() {
    return policy;
  }

  /** Returns the one queue of the topic: the successor's, where this publisher has retired. */
  private PendingTopic pending() {
    synchronized (this) {
      if (!isRetired) {
        if (pending == null) {
          pending = publisher.pendingTopic(this);
        }
        return pending;
      }
    }
    return publisher.topicPublisher(topic).pending();
  }

  /** Removes a closed queue. Under the lock of that queue. */
  synchronized void forget(PendingTopic closed) {
    if (pending == closed) {
      pending = null;
    }
  }

  /** Retires where no record came since the last call. By one thread. */
  synchronized void retireUnused() {
    long count = sent.get();
    if (count == sentBefore && outstanding() == 0 && pending == null) {
      retire();
    }
    sentBefore = count;
  }

  /** Makes room for a successor: the topic is unused, or may not exist. */
  synchronized void retire() {
    // In this order: a caller that finds this one retired finds its successor.
    publisher.forget(this);
    isRetired = true;
  }

  /** Fails the waiting records. */
  void close() {
    var waiting = pending;
    if (waiting != null) {
      waiting.failAll(KafkaPublisher.closed());
    }
  }
}
