package io.liiklus.storage.kafka.publish;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Withdrawable;
import io.liiklus.storage.kafka.client.KafkaFailures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.DefaultRecord;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Record to publish, and its answer: one object for each publish in progress. Sent by one thread at
 * a time; completes on the sender's thread where the producer refuses the record, else later on the
 * producer's thread. Thread-safe but for the sending.
 */
final class PendingPublish extends CompletableFuture<PublishedRecord>
    implements Callback, Withdrawable {

  /** Outcome of a send to the producer. */
  enum Sent {
    /** The answer comes later, or has come. */
    TAKEN,
    /** The producer does not know the topic; the record is to be sent again. */
    TOPIC_UNKNOWN,
    /** The producer's memory is full, or it has as many records as it may; to be sent again. */
    FULL
  }

  private static final long FIXED_BYTES = 128;

  private static final int MAX_LENGTH_BYTES = 5;

  /** The lengths of a header's two parts, in Kafka's format 2. */
  private static final int MAX_HEADER_OVERHEAD = 2 * MAX_LENGTH_BYTES;

  /** Overhead of a batch and a record in it: lengths of key and value, count of headers. */
  private static final int MAX_REQUEST_OVERHEAD =
      DefaultRecordBatch.RECORD_BATCH_OVERHEAD
          + DefaultRecord.MAX_RECORD_OVERHEAD
          + 3 * MAX_LENGTH_BYTES;

  final RecordToPublish record;
  final long deadlineNs;
  final long bytes;

  private final TopicPublisher topic;

  /** Place among all records of the topic, in order of arrival. Set before the first send. */
  long number;

  /** Queue in which the record waits; null: none. Written under that queue's lock. */
  private volatile PendingTopic queue;

  // Sender's thread only; set before a send, which makes it visible to the producer's thread.
  private Thread sender;
  private boolean isSending;
  private Sent outcome;

  PendingPublish(RecordToPublish record, Duration patience, TopicPublisher topic) {
    this.record = record;
    this.topic = topic;
    this.deadlineNs = System.nanoTime() + patience.toNanos();
    this.bytes = FIXED_BYTES + record.bytes();
  }

  /** Upper bound of {@link #requestBytes} that does not look at each header. */
  long maxRequestBytes() {
    return record.bytes()
        + MAX_REQUEST_OVERHEAD
        + (long) MAX_HEADER_OVERHEAD * record.headers().size();
  }

  /** Size that the producer compares with {@code max.request.size}. */
  int requestBytes() {
    return AbstractRecords.estimateSizeInBytesUpperBound(
        RecordBatch.CURRENT_MAGIC_VALUE,
        CompressionType.NONE,
        record.key(),
        record.value(),
        headers(record.headers()).toArray(Header[]::new));
  }

  void fail(StorageException failure) {
    completeExceptionally(failure);
  }

  /** Fails a record that the producer does not have. */
  void failNotStored(Kind kind, String message) {
    fail(StorageException.notStored(kind, message));
  }

  /** Hands the record to the producer. A failure other than the two outcomes completes this. */
  Sent send(Producer<byte[], byte[]> producer) {
    sender = Thread.currentThread();
    isSending = true;
    outcome = Sent.TAKEN;
    try {
      requirePartition(producer);
      var unused = producer.send(toKafka(), this);
    } catch (RuntimeException refused) {
      topic.onSendFailed(refused);
      fail(KafkaFailures.of(refused).asNotStored());
    } catch (Error fault) {
      topic.onSendFailed(fault);
      fail(KafkaFailures.of(fault));
    }
    isSending = false;
    return outcome;
  }

  /** The producer would wait for a partition that is not there. */
  private void requirePartition(Producer<byte[], byte[]> producer) {
    if (record.partition().isEmpty()) {
      return;
    }
    int partition = record.partition().getAsInt();
    int count;
    try {
      count = producer.partitionsFor(record.topic()).size();
    } catch (TimeoutException unknown) {
      return; // As the send finds too.
    }
    if (partition < 0 || partition >= count) {
      throw StorageException.notStored(
          Kind.BAD_RECORD, "topic %s has no partition %d".formatted(record.topic(), partition));
    }
  }

  private ProducerRecord<byte[], byte[]> toKafka() {
    // Without a timestamp the producer takes the time of the send.
    var timestamp = record.timestamp();
    return new ProducerRecord<>(
        record.topic(),
        record.partition().isPresent() ? (Integer) record.partition().getAsInt() : null,
        timestamp.isPresent() ? timestamp.getAsLong() : null,
        record.key(),
        record.value(),
        headers(record.headers()));
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

  @Override
  public void onCompletion(RecordMetadata metadata, Exception failure) {
    if (failure == null) {
      topic.onStored(this);
      complete(new PublishedRecord(metadata.topic(), metadata.partition(), metadata.offset()));
    } else if (isRefusedBySend(failure)) {
      outcome = failure instanceof BufferExhaustedException ? Sent.FULL : Sent.TOPIC_UNKNOWN;
    } else if (BrokerRefusals.isOfNeighbour(failure)) {
      topic.sendAgain(this);
    } else {
      topic.onRefused(this, failure);
      fail(BrokerRefusals.of(failure, record.topic()));
    }
  }

  /** Returns whether the send itself timed out, for the topic's metadata or for buffer memory. */
  private boolean isRefusedBySend(Exception failure) {
    return isSending && Thread.currentThread() == sender && failure instanceof TimeoutException;
  }

  /** Sets the queue, under its lock; null: the record waits in none. */
  void waitIn(PendingTopic waiting) {
    queue = waiting;
  }

  /** Returns whether the record waits there. Under the queue's lock. */
  boolean waitsIn(PendingTopic waiting) {
    return queue == waiting;
  }

  @Override
  public boolean withdraw() {
    var waiting = queue;
    return waiting != null && waiting.withdraw(this);
  }
}
