package io.liiklus.storage.kafka.positions;

import io.liiklus.api.Settings;
import io.liiklus.storage.kafka.client.KafkaClientConfigs;
import io.liiklus.storage.kafka.client.KafkaSettings;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What stands below {@code kafka.positions}, and the clients of {@code kafka}; the meaning of each
 * is in {@code reference.conf}. Immutable.
 *
 * @param max how many positions there may be
 * @param callTimeout of a find, and of a write with all its tries
 */
record PositionsSettings(
    KafkaClientConfigs clients,
    String topic,
    boolean createsTopic,
    int max,
    Duration callTimeout,
    int maxPendingCalls,
    Duration closeTimeout) {

  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9._-]{1,249}");
  private static final int MOST_POSITIONS = 100_000_000;

  static PositionsSettings read(Settings kafka) {
    var records = KafkaSettings.read(kafka);
    var positions = kafka.section("positions");
    return new PositionsSettings(
        records.clients(),
        topic(positions),
        positions.flag("createTopic"),
        positions.integer("max", 1, MOST_POSITIONS),
        positions.duration("callTimeout", Duration.ofMillis(500), Duration.ofMinutes(1)),
        positions.integer("maxPendingCalls", 1, 1_000_000),
        records.closeTimeout());
  }

  private static String topic(Settings positions) {
    var topic = positions.text("topic").strip();
    if (!TOPIC.matcher(topic).matches() || topic.equals(".") || topic.equals("..")) {
      positions.refuse("topic", "is no name of a topic: 1 to 249 of A-Z, a-z, 0-9, '.', '_', '-'");
    }
    return topic;
  }
}
