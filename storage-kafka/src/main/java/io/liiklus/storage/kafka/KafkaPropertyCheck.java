package io.liiklus.storage.kafka;

import io.liiklus.api.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Refuses properties that Kafka's clients would refuse when they are opened, which those of a group
 * are by its first Subscribe, and tells of names that none of them knows. Immutable.
 */
final class KafkaPropertyCheck {

  private static final String ASSIGNORS = ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
  private static final String HEARTBEAT = ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
  private static final String SESSION = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

  private static final List<ConfigDef> KINDS =
      List.of(
          ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

  /** Such a value is known once a provider of the operator's gave it. */
  private static final String TO_BE_RESOLVED = "${";

  private static final Pattern REASON =
      Pattern.compile("Invalid value .* for configuration \\S+: (.*)", Pattern.DOTALL);

  private final Map<String, String> properties;
  private final Settings settings;

  private KafkaPropertyCheck(Map<String, String> properties, Settings settings) {
    this.properties = new TreeMap<>(properties);
    this.settings = settings;
  }

  /**
   * @param properties what the operator set and the gateway does not
   */
  static void check(Map<String, String> properties, Settings settings) {
    new KafkaPropertyCheck(properties, settings).check();
  }

  private void check() {
    boolean isAllRight = true;
    for (var property : properties.entrySet()) {
      isAllRight &= isRight(property.getKey(), property.getValue());
    }
    if (isAllRight) {
      checkHeartbeat();
    }
  }

  private boolean isRight(String name, String value) {
    var kinds = KINDS.stream().filter(kind -> kind.configKeys().containsKey(name)).toList();
    if (kinds.isEmpty()) {
      settings.warn(full(name), "is none of Kafka's own, and reaches all of its clients as it is");
      return true;
    }
    if (value.contains(TO_BE_RESOLVED)) {
      return true;
    }
    var reason =
        kinds.stream()
            .flatMap(
                kind -> kind.validateAll(Map.of(name, value)).get(name).errorMessages().stream())
            .findFirst()
            .map(KafkaPropertyCheck::withoutNameAndValue)
            .or(() -> name.equals(ASSIGNORS) ? whyNoAssignors(value) : Optional.empty());
    var what = value.isBlank() ? "has no value; " : value + " is not allowed; ";
    reason.ifPresent(told -> settings.refuse(full(name), what + told));
    return reason.isEmpty();
  }

  private static String withoutNameAndValue(String message) {
    var matcher = REASON.matcher(message);
    return matcher.matches() ? matcher.group(1) : message;
  }

  private static Optional<String> whyNoAssignors(String value) {
    try {
      var names = Arrays.stream(value.split(",")).map(String::strip).toList();
      var unused = ConsumerPartitionAssignor.getAssignorInstances(names, Map.of());
      return Optional.empty();
    } catch (KafkaException failure) {
      return Optional.of("names of classes that assign partitions: " + failure.getMessage());
    }
  }

  /** As a consumer does that joins a group by the classic protocol. */
  private void checkHeartbeat() {
    int heartbeat = number(HEARTBEAT);
    int session = number(SESSION);
    if (heartbeat >= session) {
      settings.refuse(
          full(properties.containsKey(HEARTBEAT) ? HEARTBEAT : SESSION),
          "%d ms between heartbeats are not allowed; less than %s, which is %d ms"
              .formatted(heartbeat, SESSION, session));
    }
  }

  private int number(String name) {
    var set = properties.getOrDefault(name, TO_BE_RESOLVED);
    return set.contains(TO_BE_RESOLVED)
        ? (int) KafkaClientConfigs.CONSUMER_DEFAULTS.get(name)
        : Integer.parseInt(set.strip());
  }

  private static String full(String name) {
    return "properties." + name;
  }
}
