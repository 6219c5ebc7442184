package io.liiklus.storage.kafka.positions;

import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.storage.kafka.client.KafkaClientConfigs;
import io.liiklus.storage.kafka.client.KafkaSettings;
import java.time.Duration;
import java.util.regex.Pattern;
import org.apache.kafka.common.internals.Topic;

/**
 * What stands below {@code kafka.positions}, and the clients of {@code kafka}; the meaning of each
 * is in {@code reference.conf}. Immutable.
 *
 * @param isReadOnly whether nothing is made and nothing stored
 * @param max how many positions there may be
 * @param callTimeout of a find, and of a write with all its tries
 */
record PositionsSettings(
    KafkaClientConfigs clients,
    String topic,
    boolean createsTopic,
    boolean isReadOnly,
    int max,
    Duration callTimeout,
    int maxPendingCalls,
    Duration closeTimeout) {

  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");

  /** Of brokers that keep old segments elsewhere. */
  private static final String REMOTE_LOG_METADATA = "__remote_log_metadata";

  private static final int MOST_POSITIONS = 100_000_000;

  static PositionsSettings read(Settings kafka, StorageContext context) {
    var records = KafkaSettings.read(kafka);
    var positions = kafka.section("positions");
    return new PositionsSettings(
        records.clients(),
        topic(positions),
        positions.flag("createTopic"),
        context.isReadOnly(),
        positions.integer("max", 1, MOST_POSITIONS),
        positions.duration("callTimeout", Duration.ofMillis(500), Duration.ofMinutes(1)),
        positions.integer("maxPendingCalls", 1, 1_000_000),
        records.closeTimeout());
  }

  private static String topic(Settings positions) {
    var topic = positions.text("topic").strip();
    if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
      positions.refuse("topic", "is no name of a topic: 1 to 249 of A-Z, a-z, 0-9, '.', '_', '-'");
    } else if (isOfKafka(topic)) {
      positions.refuse(
          "topic",
          topic + " is one of Kafka's own topics; one of the gateway's own, as liiklus-positions");
    }
    return topic;
  }

  private static boolean isOfKafka(String topic) {
    return Topic.isInternal(topic)
        || topic.equals(Topic.CLUSTER_METADATA_TOPIC_NAME)
        || topic.equals(REMOTE_LOG_METADATA);
  }
}
