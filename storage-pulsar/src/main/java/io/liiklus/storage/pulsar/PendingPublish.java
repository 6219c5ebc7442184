package io.liiklus.storage.pulsar;

import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordToPublish;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.api.Withdrawable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** Publish of one record, until a producer has answered it. Thread-safe. */
final class PendingPublish extends CompletableFuture<PublishedRecord> implements Withdrawable {

  private final RecordToPublish record;
  private final Map<String, String> properties;
  private final long deadlineNs;

  /** By the producer, by its caller, or by time. */
  private final AtomicBoolean isTaken = new AtomicBoolean();

  PendingPublish(RecordToPublish record, Map<String, String> properties, Duration patience) {
    this.record = record;
    this.properties = properties;
    this.deadlineNs = System.nanoTime() + patience.toNanos();
  }

  RecordToPublish record() {
    return record;
  }

  Map<String, String> properties() {
    return properties;
  }

  /** Whether it is the taker's from here on; false where another has it. */
  boolean take() {
    return isTaken.compareAndSet(false, true);
  }

  boolean isTaken() {
    return isTaken.get();
  }

  /** Fails it, unless it was taken. */
  void failNotStored(StorageException reason) {
    if (take()) {
      completeExceptionally(reason.asNotStored());
    }
  }

  void expire(long nowNs) {
    if (nowNs - deadlineNs >= 0) {
      failNotStored(
          new StorageException(
              Kind.UNAVAILABLE, "Pulsar took no records of topic " + record.topic() + " in time"));
    }
  }

  @Override
  public boolean withdraw() {
    if (!take()) {
      return false;
    }
    completeExceptionally(StorageException.notStored(Kind.CLOSED, "the record was taken back"));
    return true;
  }
}
