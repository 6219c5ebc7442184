package io.liiklus.storage.kafka.positions;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingRefusal;
import io.liiklus.storage.kafka.client.KafkaFailures;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Writes positions by one producer, which never blocks its caller. Thread-safe.
 *
 * <p>The producer is opened once the topic is known to be there, since it would have brokers make
 * it, as any topic, where they do that; and after a login has passed, since a producer whose first
 * login is refused does not recover (KAFKA-20237).
 */
final class PositionsWriter {

  private static final String FULL =
      "the producer of positions is full of those that wait for Kafka"
          + " (kafka.properties.buffer.memory)";

  private final TopicPartition partition;
  private final int max;
  private final PositionsView view;
  private final TopicIdentity identity;
  private final Supplier<Producer<byte[], byte[]>> opener;

  private final StandingRefusal refusal = new StandingRefusal(System::nanoTime);

  private volatile Producer<byte[], byte[]> producer;

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
    } catch (TimeoutException notYet) {
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

  private StorageException mapped(Exception failure) {
    // The producer was let in before: a login that is refused may pass again.
    var mapped = KafkaFailures.waitedOut(KafkaFailures.of(failure));
    if (isUnknown(failure) || mapped.kind() == Kind.UNKNOWN_TOPIC) {
      // What is gone is told by who compares the topic's id.
      return unknown(failure);
    }
    return switch (mapped.kind()) {
      case EXHAUSTED -> new StorageException(Kind.EXHAUSTED, FULL, failure);
      case REFUSED ->
          new StorageException(
              Kind.REFUSED,
              "%s (the gateway needs Describe, Read and Write on the positions topic %s)"
                  .formatted(mapped.getMessage(), partition.topic()),
              failure);
      default -> mapped;
    };
  }

  private StorageException unknown(Exception failure) {
    return new StorageException(
        Kind.UNAVAILABLE,
        "Kafka does not say where the positions topic %s is: look whether it is there, and its"
                .formatted(partition.topic())
            + " broker serves (kafka.positions.topic)",
        failure);
  }

  /**
   * Whether the producer does not know the topic just now: {@code Topic … not present in metadata
   * after 0 ms}. Kafka has no type for that; the wait for room in its buffer has one.
   */
  private static boolean isUnknown(Exception failure) {
    return failure.getClass() == TimeoutException.class
        && String.valueOf(failure.getMessage()).contains("not present in metadata");
  }

  private void onWritten(Throwable failure) {
    if (failure == null) {
      refusal.onStored();
    } else if (StorageException.of(failure).kind() == Kind.REFUSED) {
      refusal.onRefused(StorageException.of(failure));
    }
  }

  /**
   * Fails while nothing could be written: a refusal of writes stands, or the topic's broker is not
   * known.
   */
  void requireWritable() {
    if (producer == null || !knowsTopic()) {
      throw unknown(null);
    }
    refusal.requireAllowed();
  }

  void close(Duration longest) {
    if (producer != null) {
      producer.close(longest);
    }
  }
}
