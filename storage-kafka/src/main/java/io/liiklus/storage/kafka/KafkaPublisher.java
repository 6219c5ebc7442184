package io.liiklus.storage.kafka;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
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

  /** A record and who waits for it. */
  static final class Pending {
    final RecordToPublish record;
    final long deadlineNs;
    final long bytes;
    final CompletableFuture<PublishedRecord> answer = new CompletableFuture<>();

    private Pending(RecordToPublish record, Duration patience) {
      this.record = record;
      this.deadlineNs = System.nanoTime() + patience.toNanos();
      long size = FIXED_BYTES + length(record.key()) + length(record.value());
      for (var header : record.headers()) {
        size += header.key().length() + length(header.value());
      }
      this.bytes = size;
    }

    private long contentBytes() {
      return bytes - FIXED_BYTES;
    }

    private static int length(byte[] bytes) {
      return bytes == null ? 0 : bytes.length;
    }

    void fail(StorageException failure) {
      answer.completeExceptionally(failure);
    }
  }

  private static final long FIXED_BYTES = 128;

  private final Producer<byte[], byte[]> producer;
  private final KafkaTopics topics;
  private final KafkaSettings settings;
  private final int maxRequestSize;
  private final ScheduledThreadPoolExecutor retries;
  private final Map<String, ColdTopic> coldTopics = new ConcurrentHashMap<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private volatile boolean isClosed;

  private KafkaPublisher(
      Producer<byte[], byte[]> producer, KafkaTopics topics, KafkaSettings settings) {
    this.producer = producer;
    this.topics = topics;
    this.settings = settings;
    this.maxRequestSize = settings.clients().maxRequestSize();
    this.retries = new ScheduledThreadPoolExecutor(1, KafkaPublisher::retryThread);
    this.retries.setRemoveOnCancelPolicy(true);
  }

  static KafkaPublisher open(KafkaSettings settings, KafkaTopics topics) {
    return new KafkaPublisher(new KafkaProducer<>(settings.clients().producer()), topics, settings);
  }

  CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    var pending = new Pending(record, patience);
    if (pending.contentBytes() > maxRequestSize) {
      pending.fail(tooLarge(pending));
      return pending.answer;
    }
    var cold = coldTopics.get(record.topic());
    if (cold != null && cold.offer(pending)) {
      return pending.answer;
    }
    if (isClosed) {
      pending.fail(closed());
    } else if (!send(pending)) {
      waitForTopic(pending);
    }
    return pending.answer;
  }

  private StorageException tooLarge(Pending pending) {
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
  boolean send(Pending pending) {
    var callback = new SendCallback(pending);
    try {
      var unused = producer.send(toKafka(pending.record), callback);
    } catch (RuntimeException failure) {
      pending.fail(KafkaFailures.of(failure));
    }
    return !callback.endSend();
  }

  /** Whether the producer knows the topic by now; asking makes it look for it. */
  boolean isKnown(String topic) {
    try {
      return !producer.partitionsFor(topic).isEmpty();
    } catch (TimeoutException unknown) {
      return false;
    }
  }

  private void waitForTopic(Pending pending) {
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

  /**
   * Hears of one send: within it, on the caller's thread, when the record could not even be stored
   * in the buffer; later, on the producer's, when it was written or not.
   */
  private static final class SendCallback implements org.apache.kafka.clients.producer.Callback {

    private final Pending pending;
    private final Thread sender = Thread.currentThread();
    private boolean isSending = true; // Confined to the sender.
    private boolean isTopicUnknown; // Confined to the sender.

    private SendCallback(Pending pending) {
      this.pending = pending;
    }

    /** True when the topic is not known to the producer. */
    private boolean endSend() {
      isSending = false;
      return isTopicUnknown;
    }

    @Override
    public void onCompletion(RecordMetadata metadata, Exception failure) {
      if (failure == null) {
        pending.answer.complete(
            new PublishedRecord(metadata.topic(), metadata.partition(), metadata.offset()));
      } else if (isUnknownTopic(failure)) {
        isTopicUnknown = true;
      } else {
        pending.fail(KafkaFailures.of(failure));
      }
    }

    /** A time-out within the send can only be for the topic's metadata, or for buffer memory. */
    private boolean isUnknownTopic(Exception failure) {
      return Thread.currentThread() == sender
          && isSending
          && failure instanceof TimeoutException
          && !(failure instanceof BufferExhaustedException);
    }
  }
}
