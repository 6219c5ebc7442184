package io.liiklus.storage.kafka.read;

import io.liiklus.api.Offsets;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Conversion of fetch positions from and to Kafka's consumer. With a leader epoch the consumer has
 * the current leader validate the position before it reads on (KIP-320). Immutable.
 */
final class KafkaPositions {

  private KafkaPositions() {}

  static TopicPartition partition(LogId log) {
    return new TopicPartition(log.topic(), log.partition());
  }

  /** Seeks the consumer to the position. */
  static void seek(Consumer<?, ?> consumer, TopicPartition id, FetchPosition position) {
    if (position.isEpochKnown()) {
      var epoch = Optional.of(position.epoch());
      consumer.seek(id, new OffsetAndMetadata(position.offset(), epoch, ""));
    } else {
      consumer.seek(id, position.offset());
    }
  }

  /** Returns the position behind a poll; the position itself where the poll found nothing. */
  static FetchPosition behind(
      FetchPosition position, ConsumerRecords<?, ?> polled, TopicPartition id) {
    // Set without records too, after markers alone. The consumer's own position() waits for the
    // validation by a new leader.
    var next = polled.nextOffsets().get(id);
    if (next != null) {
      return new FetchPosition(next.offset(), next.leaderEpoch().orElse(FetchPosition.UNKNOWN));
    }
    var records = polled.records(id);
    if (records.isEmpty()) {
      return position;
    }
    var last = records.get(records.size() - 1);
    return new FetchPosition(
        Offsets.next(last.offset()), last.leaderEpoch().orElse(FetchPosition.UNKNOWN));
  }
}
