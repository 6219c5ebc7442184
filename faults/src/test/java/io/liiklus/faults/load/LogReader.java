package io.liiklus.faults.load;

import com.google.protobuf.ByteString;
import io.liiklus.faults.deployment.Deployment;
import io.liiklus.faults.journal.LogContents;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reader of a topic as it is now, with Kafka's own client, from its start to its end. Immutable.
 */
public final class LogReader {

  /** In the place of the id of a record without a value. */
  public static final String TOMBSTONE = "(tombstone)";

  private static final Duration BOUND = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);

  private LogReader() {}

  /** The records of a deployment's topic. */
  public static LogContents read(Deployment deployment, String topic) {
    return deployment.kafka() == null
        ? SqlLogReader.read(deployment.postgres().primary(), topic)
        : read(deployment.kafka().bootstrapServers(), topic);
  }

  /** The committed records. */
  public static LogContents read(String bootstrapServers, String topic) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", bootstrapServers, "isolation.level", "read_committed");
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var contents = new LogContents();
      consumer
          .beginningOffsets(partitions)
          .forEach((id, start) -> contents.startingAt(id.partition(), start));
      readTo(consumer, new HashMap<>(consumer.endOffsets(partitions)), contents);
      return contents;
    }
  }

  private static void readTo(
      KafkaConsumer<byte[], byte[]> consumer,
      Map<TopicPartition, Long> ends,
      LogContents contents) {
    long deadlineNs = System.nanoTime() + BOUND.toNanos();
    while (!ends.isEmpty()) {
      if (System.nanoTime() > deadlineNs) {
        throw new IllegalStateException("the log was not read within " + BOUND + ": " + ends);
      }
      for (var record : consumer.poll(POLL)) {
        contents.with(record.partition(), record.offset(), id(record.value()));
      }
      List.copyOf(ends.entrySet()).stream()
          .filter(end -> consumer.position(end.getKey()) >= end.getValue())
          .forEach(end -> ends.remove(end.getKey()));
    }
  }

  private static String id(byte[] value) {
    return value == null ? TOMBSTONE : Publisher.id(ByteString.copyFrom(value));
  }
}
