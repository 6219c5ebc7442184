package io.liiklus.storage.kafka;

import io.liiklus.api.Offsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where to read on in a log, and which log that is an offset of: the epoch of the leader under
 * which the log was known up to there. With it a consumer asks the leader of the day whether that
 * still holds before it reads on; without it, an offset in a log that was cut and has grown past it
 * again looks like any other (Kafka's KIP-320). Immutable.
 *
 * @param epoch {@link #UNKNOWN} for an offset that somebody named, and in old logs
 */
record FetchPosition(long offset, int epoch) {

  static final int UNKNOWN = -1;

  /** An offset that somebody named. */
  static FetchPosition named(long offset) {
    return new FetchPosition(offset, UNKNOWN);
  }

  boolean isEpochKnown() {
    return epoch != UNKNOWN;
  }

  /** This one, if its epoch is known, or the other where that is of another offset. */
  FetchPosition orElsewhere(FetchPosition other) {
    return offset == other.offset && isEpochKnown() ? this : other;
  }

  /** Has the consumer read on from here. */
  void seek(Consumer<?, ?> consumer, TopicPartition id) {
    if (isEpochKnown()) {
      consumer.seek(id, new OffsetAndMetadata(offset, Optional.of(epoch), ""));
    } else {
      consumer.seek(id, offset);
    }
  }

  /** Where to read on behind a poll that began here. */
  FetchPosition behind(ConsumerRecords<?, ?> polled, TopicPartition id) {
    // Told without records too, where there were markers alone. The consumer would tell as well,
    // but waits, where its leader has changed, until it knows what the new one has.
    var next = polled.nextOffsets().get(id);
    if (next != null) {
      return new FetchPosition(next.offset(), next.leaderEpoch().orElse(UNKNOWN));
    }
    var records = polled.records(id);
    if (records.isEmpty()) {
      return this;
    }
    var last = records.get(records.size() - 1);
    return new FetchPosition(Offsets.next(last.offset()), last.leaderEpoch().orElse(UNKNOWN));
  }
}
