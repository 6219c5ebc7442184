package io.liiklus.storage.kafka.positions;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.kafka.client.KafkaFailures;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes positions by one producer, which never blocks its caller. Thread-safe.
 *
 * <p>The producer is opened once the topic is known to be there, since it would have brokers make
 * it, as any topic, where they do that; and after a login has passed, since a producer whose first
 * login is refused does not recover (KAFKA-20237).
 */
final class PositionsWriter {

  /** A refusal that was not met for so long may be over: nothing is written without a client. */
  private static final long OVER_NS = TimeUnit.SECONDS.toNanos(15);

  private record Refusal(StorageException reason, long metNs) {}

  private final TopicPartition partition;
  private final int max;
  private final PositionsView view;
  private final TopicIdentity identity;
  private final Supplier<Producer<byte[], byte[]>> opener;

  private volatile Producer<byte[], byte[]> producer;
  private volatile Refusal refusal;

  /**
   * @param max how many positions there may be
   */
  PositionsWriter(
      TopicPartition partition,
      int max,
      PositionsView view,
      TopicIdentity identity,
      Supplier<Producer<byte[], byte[]>> opener) {
    this.partition = partition;
    this.max = max;
    this.view = view;
    this.identity = identity;
    this.opener = opener;
  }

  /** Opens the producer, and returns whether it knows the topic by now. On one thread. */
  boolean open() {
    if (producer == null) {
      producer = opener.get();
    }
    return knowsTopic();
  }

  /** A producer forgets its topics while no broker answers; what it is given then fails. */
  private boolean knowsTopic() {
    try {
      return !producer.partitionsFor(partition.topic()).isEmpty();
    } catch (org.apache.kafka.common.errors.TimeoutException notYet) {
      return false;
    }
  }

  CompletionStage<Void> write(GroupPositions positions) {
    requireRoom(positions);
    long endBefore = view.end();
    var answer = new StoreAnswer(positions.offsets().size());
    positions
        .offsets()
        .forEach(
            (number, offset) -> {
              var id = new PositionId(positions.topic(), positions.group(), number);
              send(id, offset, endBefore, answer);
            });
    return answer.whenComplete((stored, failure) -> onWritten(failure));
  }

  private void requireRoom(GroupPositions positions) {
    if (view.size() >= max && view.unknown(positions) > 0) {
      throw new StorageException(
          Kind.EXHAUSTED, "kafka.positions.max = " + max + " positions are stored");
    }
  }

  private void send(PositionId id, long offset, long endBefore, StoreAnswer answer) {
    var record =
        new ProducerRecord<>(
            partition.topic(),
            partition.partition(),
            PositionRecord.key(id),
            PositionRecord.value(offset));
    try {
      var unused =
          producer.send(
              record,
              (stored, failure) ->
                  answer.onRecord(
                      failure == null ? whyNot(stored.offset(), endBefore) : mapped(failure)));
    } catch (RuntimeException failure) {
      answer.onRecord(mapped(failure));
    }
  }

  /**
   * A record that stands before what was read already is in another log: the topic was made anew,
   * or cut. Null where it is stored.
   */
  private StorageException whyNot(long storedAt, long endBefore) {
    return storedAt >= endBefore
        ? identity.fault().orElse(null)
        : new StorageException(
            Kind.UNAVAILABLE,
            "the positions topic "
                + partition.topic()
                + " has lost records, or is another one: it is looked at");
  }

  private static StorageException mapped(Exception failure) {
    var mapped = KafkaFailures.of(failure);
    // What is gone is told by who compares the topic's id.
    return mapped.kind() == Kind.UNKNOWN_TOPIC
        ? new StorageException(Kind.UNAVAILABLE, mapped.getMessage(), mapped)
        : mapped;
  }

  private void onWritten(Throwable failure) {
    if (failure == null) {
      if (refusal != null) {
        refusal = null;
      }
    } else if (StorageException.of(failure).kind() == Kind.REFUSED) {
      refusal = new Refusal(StorageException.of(failure), System.nanoTime());
    }
  }

  /**
   * Fails while nothing could be written: writes are refused, or the topic's broker is not known.
   */
  void requireWritable() {
    if (producer == null || !knowsTopic()) {
      throw new StorageException(
          Kind.UNAVAILABLE,
          "Kafka does not say where the positions topic %s is (kafka.positions.topic)"
              .formatted(partition.topic()));
    }
    var last = refusal;
    if (last != null && System.nanoTime() - last.metNs() < OVER_NS) {
      throw last.reason();
    }
  }

  void close(Duration longest) {
    if (producer != null) {
      producer.close(longest);
    }
  }
}
