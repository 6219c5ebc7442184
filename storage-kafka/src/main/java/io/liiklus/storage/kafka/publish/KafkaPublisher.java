package io.liiklus.storage.kafka.publish;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.kafka.client.KafkaSettings;
import io.liiklus.storage.kafka.client.KafkaTopics;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publisher that never blocks its caller, which is on an event loop. Thread-safe.
 *
 * <p>The producer runs with {@code max.block.ms = 0}. If it knows the topic, it stores the record
 * in its buffer at once; if not, it fails at once and the record waits in a {@link PendingTopic}.
 * If its buffer is full, the publish fails as FULL. The listener for room is notified when a record
 * was answered, or after {@link #FULL_MS}: the producer frees the memory of a batch a moment after
 * it has answered its records.
 */
public final class KafkaPublisher {

  private static final Logger log = LoggerFactory.getLogger(KafkaPublisher.class);

  private static final long FULL_MS = 20;

  /** Time without a publish after which a topic is forgotten, at the least. */
  private static final long FORGET_MINUTES = 5;

  /**
   * Memory of a small record in the producer beside its bytes, in objects of ours and of Kafka's.
   * {@code buffer.memory} counts the bytes alone: 32 MiB of records of 100 bytes are 150 MB.
   */
  private static final long BYTES_OF_RECORD = 1024;

  private final RecoveringProducer producer;
  private final KafkaTopics topics;
  private final TopicLookups lookups;
  private final TopicCreation brokers;
  private final Semaphore leaderRequests = new Semaphore(TopicLeaders.MAX_REQUESTS);
  private final KafkaSettings settings;
  private final StandingFaults faults;
  private final int maxRequestSize;
  private final ScheduledThreadPoolExecutor retries;
  private final Map<String, TopicPublisher> publishers = new ConcurrentHashMap<>();
  private final AtomicLong waitingBytes = new AtomicLong();

  /** Records that the producer has not answered, up to {@link #mostUnanswered}. */
  private final AtomicLong unanswered = new AtomicLong();

  private final long mostUnanswered;

  private volatile Runnable roomListener = () -> {};

  /** Set while a publish failed as FULL since the listener was last notified. */
  private volatile boolean isFull;

  private volatile boolean isClosed;

  public KafkaPublisher(KafkaSettings settings, KafkaTopics topics, StandingFaults faults) {
    this(
        settings,
        topics,
        faults,
        () -> new KafkaProducer<>(settings.clients().producer()),
        new ScheduledThreadPoolExecutor(1, KafkaPublisher::retryThread));
  }

  /**
   * @param retries has one thread; shut down with the publisher
   */
  KafkaPublisher(
      KafkaSettings settings,
      KafkaTopics topics,
      StandingFaults faults,
      Supplier<Producer<byte[], byte[]>> opener,
      ScheduledThreadPoolExecutor retries) {
    this.topics = topics;
    this.lookups = new TopicLookups(topics::partitionCounts);
    this.brokers = new TopicCreation(topics::createsTopics, System::nanoTime);
    this.faults = faults;
    this.settings = settings;
    this.maxRequestSize = settings.clients().maxRequestSize();
    this.mostUnanswered = Math.max(1, settings.clients().bufferMemory() / BYTES_OF_RECORD);
    this.retries = retries;
    this.retries.setRemoveOnCancelPolicy(true);
    this.producer = new RecoveringProducer(opener, topics::check, retries);
    var unused =
        retries.scheduleWithFixedDelay(
            this::forgetUnused, FORGET_MINUTES, FORGET_MINUTES, TimeUnit.MINUTES);
  }

  public void onRoom(Runnable listener) {
    roomListener = listener;
  }

  public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
    var topic = topicPublisher(record.topic());
    var pending = new PendingPublish(record, patience, topic);
    if (pending.maxRequestBytes() > maxRequestSize && pending.requestBytes() > maxRequestSize) {
      pending.failNotStored(Kind.BAD_RECORD, tooLarge(pending));
    } else if (isClosed) {
      pending.fail(closed());
    } else {
      topic.publish(pending);
    }
    return pending;
  }

  TopicPublisher topicPublisher(String topic) {
    return publishers.computeIfAbsent(topic, name -> new TopicPublisher(name, this));
  }

  private String tooLarge(PendingPublish pending) {
    return "the record has %d bytes with Kafka's own fields, and kafka.properties.max.request.size"
            .formatted(pending.requestBytes())
        + " is %d".formatted(maxRequestSize);
  }

  /**
   * Fails the waiting records and sends those in the producer, within the bound of the settings.
   */
  public void close() {
    isClosed = true;
    retries.shutdownNow();
    publishers.values().forEach(TopicPublisher::close);
    producer.close(settings.closeTimeout());
  }

  static StorageException closed() {
    return StorageException.notStored(Kind.CLOSED, "the gateway is shutting down");
  }

  Producer<byte[], byte[]> producer() {
    return producer.get();
  }

  KafkaTopics topics() {
    return topics;
  }

  /** A send failed for another reason than the record itself. */
  void onSendFailed(Throwable failure) {
    KafkaFailures.report(failure, faults);
  }

  /** Returns whether the producer knows the topic; if not, it looks the topic up. */
  boolean isKnown(String topic) {
    try {
      return !producer.get().partitionsFor(topic).isEmpty();
    } catch (TimeoutException unknown) {
      return false;
    }
  }

  /** Begins a send. Returns false where the producer has as many records as it may. */
  boolean beginSend() {
    if (unanswered.incrementAndGet() <= mostUnanswered) {
      return true;
    }
    unanswered.decrementAndGet();
    return false;
  }

  /** The producer has refused the record. */
  void cancelSend() {
    unanswered.decrementAndGet();
  }

  /** The producer has answered the record. */
  void endSend() {
    unanswered.decrementAndGet();
    notifyOfRoom();
  }

  /** Failure of a publish that stays with the caller; the listener for room is notified later. */
  StorageException full(String key) {
    if (!isFull) {
      isFull = true;
      try {
        var unused = retries.schedule(this::notifyOfRoom, FULL_MS, TimeUnit.MILLISECONDS);
      } catch (RejectedExecutionException closed) {
        return closed();
      }
    }
    return new StorageException(Kind.FULL, key + " is reached");
  }

  /** Notifies the listener for room: the memory of a record is free, or soon will be. */
  void notifyOfRoom() {
    if (isFull) {
      isFull = false;
      roomListener.run();
    }
  }

  PendingTopic pendingTopic(TopicPublisher topic) {
    return new PendingTopic(topic, this, retries);
  }

  TopicLeaders leaders(TopicPublisher topic) {
    return new TopicLeaders(topic, this, leaderRequests);
  }

  MissingTopic missingTopic(String topic) {
    return new MissingTopic(topic, lookups, brokers, settings.topicCreationTimeout());
  }

  /**
   * Reserves bytes for a record that waits for its topic. Returns false past the bound; a record
   * that waits alone always fits.
   */
  boolean reserve(long bytes) {
    long all = waitingBytes.addAndGet(bytes);
    if (all == bytes || all <= settings.waitingPublishBytes()) {
      return true;
    }
    waitingBytes.addAndGet(-bytes);
    return false;
  }

  void reserveAnyway(long bytes) {
    waitingBytes.addAndGet(bytes);
  }

  void free(long bytes) {
    waitingBytes.addAndGet(-bytes);
    notifyOfRoom();
  }

  void forget(TopicPublisher topic) {
    publishers.remove(topic.topic(), topic);
  }

  /** Never fails: the executor would not run it again. */
  void forgetUnused() {
    try {
      publishers.values().forEach(TopicPublisher::retireUnused);
    } catch (RuntimeException failure) {
      log.error("unused topics cannot be forgotten, trying on", failure);
    }
  }

  private static Thread retryThread(Runnable task) {
    var thread = new Thread(task, "liiklus-publish-retry");
    thread.setDaemon(true);
    return thread;
  }
}
