package io.liiklus.storage.pulsar;

import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.Causes;
import io.liiklus.storage.pulsar.PulsarPublisher.Target;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;

/**
 * Publishes to one topic, or partition, in the order of the calls: records wait until there is a
 * producer. Thread-safe, by a lock that nobody waits under.
 */
final class TopicPublisher {

  private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long FORGET_NS = TimeUnit.MINUTES.toNanos(5);

  private final Target target;
  private final PulsarPublisher publisher;

  // Under this object's lock.
  private final Queue<PendingPublish> waiting = new ArrayDeque<>();

  /** Null where there is none now. */
  private Producer<byte[]> producer;

  private boolean isOpening;
  private boolean isRetired;
  private long usedNs = System.nanoTime();
  private long retryNs = usedNs;

  TopicPublisher(Target target, PulsarPublisher publisher) {
    this.target = target;
    this.publisher = publisher;
  }

  /** False where it is of no more use. */
  synchronized boolean publish(PendingPublish publish) {
    if (isRetired) {
      return false;
    }
    usedNs = System.nanoTime();
    if (producer != null) {
      send(publish);
      return true;
    }
    waiting.add(publish);
    if (waiting.size() == 1) {
      open();
    }
    return true;
  }

  private void open() {
    if (isOpening) {
      return;
    }
    isOpening = true;
    var unused = publisher.open(target).whenComplete(this::onOpened);
  }

  private void onOpened(Producer<byte[]> opened, Throwable failure) {
    List<PendingPublish> failed = List.of();
    StorageException reason = null;
    synchronized (this) {
      isOpening = false;
      if (failure == null && isRetired) {
        var unused = opened.closeAsync();
        return;
      }
      if (failure == null) {
        producer = opened;
        waiting.forEach(this::send);
        waiting.clear();
        return;
      }
      reason = publisher.failure(failure);
      retryNs = System.nanoTime() + RETRY_NS;
      // While Pulsar is away they wait on.
      if (reason.kind() != Kind.UNAVAILABLE) {
        failed = List.copyOf(waiting);
        retire();
      }
    }
    for (var publish : failed) {
      publish.failNotStored(reason);
    }
  }

  private void retire() {
    waiting.clear();
    isRetired = true;
    publisher.remove(target, this);
  }

  private void send(PendingPublish publish) {
    if (!publish.take()) {
      return;
    }
    var sender = producer;
    CompletableFuture<MessageId> answer;
    try {
      var message = sender.newMessage();
      MessageCodec.write(publish.record(), publish.properties(), message);
      answer = message.sendAsync();
    } catch (RuntimeException fault) {
      answer = CompletableFuture.failedFuture(fault);
    }
    var unused =
        answer.whenComplete(
            (id, failure) -> {
              if (failure == null) {
                publish.complete(published((MessageIdAdv) id));
              } else {
                onFailed(sender, failure);
                var reason = publisher.failure(failure);
                publish.completeExceptionally(
                    PulsarFailures.isNotStored(reason) ? reason.asNotStored() : reason);
              }
            });
  }

  private PublishedRecord published(MessageIdAdv id) {
    int partition = target.partition().orElse(Math.max(0, id.getPartitionIndex()));
    // Of a record that was sent twice, and stored once, the broker does not tell the place.
    long offset = id.getEntryId() < 0 ? Offsets.UNKNOWN : publisher.offsets().of(id);
    return new PublishedRecord(target.topic(), partition, offset);
  }

  /** A producer that was closed, as by a topic that was deleted, makes way for another. */
  private void onFailed(Producer<byte[]> sender, Throwable failure) {
    boolean isOver =
        Causes.of(failure).stream()
            .anyMatch(
                cause ->
                    cause instanceof PulsarClientException.AlreadyClosedException
                        || cause instanceof PulsarClientException.TopicDoesNotExistException
                        || cause instanceof PulsarClientException.TopicTerminatedException
                        || cause instanceof PulsarClientException.ProducerFencedException);
    if (!isOver) {
      return;
    }
    synchronized (this) {
      if (producer == sender) {
        producer = null;
        var unused = sender.closeAsync();
      }
    }
  }

  /** Tries again what failed, fails whose patience is over, and forgets what is not used. */
  void tick(long nowNs) {
    List<PendingPublish> all;
    synchronized (this) {
      waiting.removeIf(PendingPublish::isTaken);
      all = List.copyOf(waiting);
      if (!all.isEmpty() && nowNs - retryNs >= 0) {
        open();
      }
      if (all.isEmpty() && !isOpening && nowNs - usedNs >= FORGET_NS) {
        retire();
        closeProducer();
      }
    }
    all.forEach(publish -> publish.expire(nowNs));
  }

  private void closeProducer() {
    if (producer != null) {
      var unused = producer.closeAsync();
      producer = null;
    }
  }

  /** Completes when its producer has no record left. */
  CompletableFuture<?> close() {
    List<PendingPublish> left;
    Producer<byte[]> flushed;
    synchronized (this) {
      left = List.copyOf(waiting);
      retire();
      flushed = producer;
    }
    for (var publish : left) {
      publish.failNotStored(PulsarPublisher.closed());
    }
    return flushed == null ? CompletableFuture.completedFuture(null) : flushed.flushAsync();
  }
}
