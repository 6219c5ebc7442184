package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** What is the same for a broker as a process and as a container: its {@code server.properties}. */
final class BrokerSettings {

  private BrokerSettings() {}

  /** All but the listeners, their addresses and the data's folder. */
  static Map<String, String> common(int node, int brokers) {
    var settings = new TreeMap<String, String>();
    var replicas = Integer.toString(Math.min(3, brokers));
    var minInSync = Integer.toString(Math.min(2, brokers));
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(node));
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("auto.create.topics.enable", "false");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("offsets.topic.replication.factor", replicas);
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", replicas);
    settings.put("transaction.state.log.min.isr", minInSync);
    settings.put("share.coordinator.state.topic.num.partitions", "4");
    settings.put("share.coordinator.state.topic.replication.factor", replicas);
    settings.put("share.coordinator.state.topic.min.isr", minInSync);
    settings.put("default.replication.factor", replicas);
    settings.put("min.insync.replicas", minInSync);
    settings.put("group.initial.rebalance.delay.ms", "0");
    // Makes a failover a matter of seconds.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    settings.put("controller.quorum.election.timeout.ms", "500");
    settings.put("controller.quorum.fetch.timeout.ms", "1000");
    // Lets tests of retention end soon.
    settings.put("log.retention.check.interval.ms", "2000");
    return settings;
  }

  /** The settings as a properties file; values are taken as they are. */
  static String text(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining("\n", "", "\n"));
  }

  static void write(Map<String, String> settings, Path file) {
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kafka's form of a UUID: 22 characters of URL-safe Base64. */
  static String newClusterId() {
    var uuid = UUID.randomUUID();
    var bytes = ByteBuffer.allocate(2 * Long.BYTES);
    // Without its highest bit it does not begin with a dash, which would be taken for an option.
    bytes.putLong(uuid.getMostSignificantBits() & Long.MAX_VALUE);
    bytes.putLong(uuid.getLeastSignificantBits());
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }
}
