package io.liiklus.storage.kafka;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * A record, and the answer to it: one object for each record that is under way. Sent by one thread
 * at a time; completes on the sender's thread where the record could not even be stored in the
 * producer's buffer, else later, on the producer's.
 */
final class PendingPublish extends CompletableFuture<PublishedRecord> implements Callback {

  private static final long FIXED_BYTES = 128;

  final RecordToPublish record;
  final long deadlineNs;
  final long bytes;

  // Confined to the sender; set before a send, which publishes it to the producer's thread.
  private Thread sender;
  private boolean isSending;
  private boolean isTopicUnknown;

  PendingPublish(RecordToPublish record, Duration patience) {
    this.record = record;
    this.deadlineNs = System.nanoTime() + patience.toNanos();
    long size = FIXED_BYTES + length(record.key()) + length(record.value());
    for (int i = 0; i < record.headers().size(); i++) {
      var header = record.headers().get(i);
      size += header.key().length() + length(header.value());
    }
    this.bytes = size;
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  /** What the record itself has, without what it costs to hold it. */
  long contentBytes() {
    return bytes - FIXED_BYTES;
  }

  void fail(StorageException failure) {
    completeExceptionally(failure);
  }

  void beginSend() {
    sender = Thread.currentThread();
    isSending = true;
    isTopicUnknown = false;
  }

  /** True when the producer does not know the topic; the record is then still to be sent. */
  boolean endSend() {
    isSending = false;
    return isTopicUnknown;
  }

  @Override
  public void onCompletion(RecordMetadata metadata, Exception failure) {
    if (failure == null) {
      complete(new PublishedRecord(metadata.topic(), metadata.partition(), metadata.offset()));
    } else if (isUnknownTopic(failure)) {
      isTopicUnknown = true;
    } else {
      fail(KafkaFailures.of(failure));
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
