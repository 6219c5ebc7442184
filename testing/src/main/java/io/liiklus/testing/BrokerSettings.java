package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/**
 * Settings of a broker that are the same for a process and a container: its {@code
 * server.properties}. Immutable.
 */
final class BrokerSettings {

  /** Protocol of connections, by the listener's name. */
  private static final String PROTOCOLS =
      "PLAINTEXT:PLAINTEXT,LOGIN:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT";

  private BrokerSettings() {}

  /** All but the listeners, their addresses and the data's folder. */
  static Map<String, String> common(int node, int brokers) {
    var settings = new TreeMap<String, String>();
    var replicas = Integer.toString(Math.min(3, brokers));
    var minInSync = Integer.toString(Math.min(2, brokers));
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(node));
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listener.security.protocol.map", PROTOCOLS);
    settings.put("listener.name.login.sasl.enabled.mechanisms", KafkaCluster.LOGIN_MECHANISM);
    settings.put(
        "listener.name.login.%s.sasl.jaas.config"
            .formatted(KafkaCluster.LOGIN_MECHANISM.toLowerCase(Locale.ROOT)),
        ScramLoginModule.class.getName() + " required;");
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

  /** None that begins with a dash, which the broker's own tool takes for an option. */
  static String newClusterId() {
    return Uuid.randomUuid().toString();
  }
}
