package io.liiklus.storage.kafka;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Publishes without ever blocking its caller, who is on an event loop. Thread-safe.
 *
 * <p>The producer runs with {@code max.block.ms = 0}: where it knows the topic it stores the record
 * in its buffer at once; where it does not it fails at once, and the record waits in a {@link
 * ColdTopic}, with those that come after it, until the topic is known.
 */
final class KafkaPublisher {

  private final ReplaceableProducer producer;
  private final KafkaTopics topics;
  private final KafkaSettings settings;
  private final int maxRequestSize;
  private final ScheduledThreadPoolExecutor retries;
  private final Map<String, ColdTopic> coldTopics = new ConcurrentHashMap<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile boolean isClosed;

  private KafkaPublisher(KafkaTopics topics, KafkaSettings settings) {
    this.topics = topics;
    this.settings = settings;
    this.maxRequestSize = settings.clients().maxRequestSize();
    this.retries = new ScheduledThreadPoolExecutor(1, KafkaPublisher::retryThread);
    this.retries.setRemoveOnCancelPolicy(true);
    this.producer =
        ReplaceableProducer.open(
            () -> new KafkaProducer<>(settings.clients().producer()), topics::check, retries);
  }

  static KafkaPublisher open(KafkaSettings settings, KafkaTopics topics) {
    return new KafkaPublisher(topics, settings);
  }

  CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    var pending = new PendingPublish(record, patience);
    if (pending.contentBytes() > maxRequestSize) {
      pending.fail(tooLarge(pending));
      return pending;
    }
    var cold = coldTopics.get(record.topic());
    if (cold != null && cold.offer(pending)) {
      return pending;
    }
    if (isClosed) {
      pending.fail(closed());
    } else if (!send(pending)) {
      waitForTopic(pending);
    }
    return pending;
  }

  private StorageException tooLarge(PendingPublish pending) {
    return new StorageException(
        Kind.BAD_RECORD,
        "the record has %d bytes, and Kafka's max.request.size is %d"
            .formatted(pending.contentBytes(), maxRequestSize));
  }

  /** Fails what waits, sends what the producer holds, within the bound of the settings. */
  void close() {
    isClosed = true;
    retries.shutdownNow();
    coldTopics.values().forEach(cold -> cold.failAll(closed()));
    producer.close(settings.closeTimeout());
  }

  private static StorageException closed() {
    return new StorageException(Kind.CLOSED, "the gateway is shutting down");
  }

  /** False when the producer does not know the topic; the record is then still to be sent. */
  boolean send(PendingPublish pending) {
    pending.beginSend();
    try {
      var unused = producer.get().send(toKafka(pending.record), pending);
    } catch (RuntimeException failure) {
      pending.fail(KafkaFailures.of(failure));
    }
    return !pending.endSend();
  }

  /** Whether the producer knows the topic by now; asking makes it look for it. */
  boolean isKnown(String topic) {
    try {
      return !producer.get().partitionsFor(topic).isEmpty();
    } catch (TimeoutException unknown) {
      return false;
    }
  }

  private void waitForTopic(PendingPublish pending) {
    var topic = pending.record.topic();
    ColdTopic cold;
    do {
      cold = coldTopics.computeIfAbsent(topic, this::coldTopic);
    } while (!cold.offer(pending));
    cold.start();
  }

  private ColdTopic coldTopic(String topic) {
    var bounds =
        new ColdTopic.Bounds(
            waitingBytes, settings.waitingPublishBytes(), settings.topicCreationTimeout());
    return new ColdTopic(topic, this, topics, retries, bounds);
  }

  void forget(ColdTopic cold) {
    coldTopics.remove(cold.topic(), cold);
  }

  private static ProducerRecord<byte[], byte[]> toKafka(RecordToPublish record) {
    return new ProducerRecord<>(
        record.topic(), null, record.key(), record.value(), headers(record.headers()));
  }

  private static List<Header> headers(List<io.liiklus.api.Header> headers) {
    if (headers.isEmpty()) {
      return List.of();
    }
    var converted = new ArrayList<Header>(headers.size());
    for (var header : headers) {
      converted.add(new RecordHeader(header.key(), header.value()));
    }
    return converted;
  }

  private static Thread retryThread(Runnable task) {
    var thread = new Thread(task, "liiklus-publish-retry");
    thread.setDaemon(true);
    return thread;
  }
}
