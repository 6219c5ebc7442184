package io.liiklus.storage.kafka.client;

import io.liiklus.api.Settings;
import io.liiklus.storage.read.ReadSettings;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * Settings below {@code kafka}; {@code reference.conf} has the meaning of each. Immutable.
 *
 * @param clients configuration of each kind of Kafka client
 * @param startsAtCommitted whether a group without positions begins at the offsets of Kafka's own
 * @param mirrorsCommits whether positions are committed to Kafka's own groups too
 * @param positionsTopic where this gateway, or others of the cluster, may keep positions
 */
public record KafkaSettings(
    KafkaClientConfigs clients,
    ReadSettings reading,
    int memberThreads,
    long waitingPublishBytes,
    Duration revokeTimeout,
    Duration closeTimeout,
    Duration topicCheckInterval,
    Duration topicCreationTimeout,
    Duration topicAge,
    boolean skipsUnreadable,
    boolean startsAtCommitted,
    boolean mirrorsCommits,
    String positionsTopic) {

  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Pattern SERVER =
      Pattern.compile("([A-Z_]+://)?([^:\\[\\]]+|\\[[^\\]]+\\]):(?<port>\\d{1,5})");
  private static final int MOST_PORT = 65_535;
  private static final long KIB = 1024;
  private static final long GIB = 1024 * 1024 * KIB;

  public static KafkaSettings read(Settings settings) {
    var bootstrapServers = settings.text("bootstrapServers").strip();
    if (bootstrapServers.isEmpty()) {
      settings.refuse("bootstrapServers", "is empty; host:port of some brokers, with commas");
    } else {
      requireServers(bootstrapServers, settings);
    }
    return new KafkaSettings(
        KafkaClientConfigs.of(bootstrapServers, settings.map("properties"), settings),
        ReadSettings.read(settings),
        settings.integer("memberThreads", 1, 64),
        settings.bytes("waitingPublishes", 16 * KIB, GIB),
        settings.duration("revokeTimeout", SHORTEST, Duration.ofMinutes(1)),
        settings.duration("closeTimeout", SHORTEST, Duration.ofMinutes(1)),
        settings.duration("topicCheckInterval", SHORTEST, Duration.ofMinutes(5)),
        settings.duration("topicCreationTimeout", SHORTEST, Duration.ofMinutes(5)),
        settings.duration("topicAge", Duration.ofMillis(100), Duration.ofHours(1)),
        settings.choice("unreadableRecords", "fail", "skip").equals("skip"),
        settings.flag("startAtCommitted"),
        settings.flag("positions.mirrorCommits"),
        settings.text("positions.topic"));
  }

  private static void requireServers(String servers, Settings settings) {
    for (var server : servers.split(",", -1)) {
      var matcher = SERVER.matcher(server.strip());
      int port = matcher.matches() ? Integer.parseInt(matcher.group("port")) : 0;
      if (port < 1 || port > MOST_PORT) {
        settings.refuse(
            "bootstrapServers",
            server.strip() + " is not allowed; host:port, with a port from 1 to " + MOST_PORT);
      }
    }
  }
}
