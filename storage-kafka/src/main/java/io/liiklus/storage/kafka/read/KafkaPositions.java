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
 * Fetch positions as Kafka's consumer has them. With a leader epoch the consumer asks the leader of
 * the day whether the log still holds before it reads on (KIP-320). Immutable.
 */
final class KafkaPositions {

  private KafkaPositions() {}

  static TopicPartition partition(LogId log) {
    return new TopicPartition(log.topic(), log.partition());
  }

  /** Has the consumer read on from the position. */
  static void seek(Consumer<?, ?> consumer, TopicPartition id, FetchPosition position) {
    if (position.isEpochKnown()) {
      var epoch = Optional.of(position.epoch());
      consumer.seek(id, new OffsetAndMetadata(position.offset(), epoch, ""));
    } else {
      consumer.seek(id, position.offset());
    }
  }

  /** Where to read on behind a poll; the position itself where that found nothing. */
  static FetchPosition behind(
      FetchPosition position, ConsumerRecords<?, ?> polled, TopicPartition id) {
    // Told without records too, where there were markers alone. The consumer would tell as well,
    // but waits, where its leader has changed, until it knows what the new one has.
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
