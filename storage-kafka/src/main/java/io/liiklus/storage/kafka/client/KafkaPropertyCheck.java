package io.liiklus.storage.kafka.client;

import io.liiklus.api.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
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

  private static final String BATCH = ProducerConfig.BATCH_SIZE_CONFIG;
  private static final String BUFFER = ProducerConfig.BUFFER_MEMORY_CONFIG;
  private static final String REQUEST = ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
  private static final String HEARTBEAT = ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
  private static final String SESSION = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

  /** A broker finds out about a record that comes again among as many batches. */
  private static final int MOST_IN_FLIGHT_IN_ORDER = 5;

  private static final List<ConfigDef> KINDS =
      List.of(
          ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

  /** Those in bytes whose names do not say so. */
  private static final Set<String> SIZES = Set.of(BATCH, BUFFER, REQUEST);

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
      checkTimeout(CompositeTimeout.DELIVERY, KafkaClientConfigs.PRODUCER_DEFAULTS);
      checkTimeout(CompositeTimeout.ADMIN, KafkaClientConfigs.ADMIN_DEFAULTS);
      checkBuffer(REQUEST);
      checkBuffer(BATCH);
      checkProtocol();
      checkIdempotence(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
      checkIdempotence(
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, MOST_IN_FLIGHT_IN_ORDER);
      new KafkaSecurityCheck(properties, settings).check();
    }
  }

  private boolean isRight(String name, String value) {
    var kinds = KINDS.stream().filter(kind -> kind.configKeys().containsKey(name)).toList();
    if (kinds.isEmpty()) {
      warn(name, "is none of Kafka's own, and reaches all of its clients as it is");
      return true;
    }
    if (isToBeResolved(value)) {
      return true;
    }
    var reason =
        kinds.stream()
            .map(kind -> kind.validateAll(Map.of(name, value)).get(name).errorMessages())
            .flatMap(List::stream)
            .findFirst()
            .map(told -> reason(name, told))
            .or(
                () ->
                    switch (name) {
                      case ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG ->
                          whyNoAssignors(value);
                      case ProducerConfig.COMPRESSION_TYPE_CONFIG -> CompressionCheck.whyNot(value);
                      default -> Optional.empty();
                    });
    var what = value.isBlank() ? "has no value; " : value + " is not allowed; ";
    reason.ifPresent(told -> refuse(name, what + told));
    return reason.isEmpty();
  }

  /** Kafka's own without name and value. Our own settings have units, and Kafka's have none. */
  private static String reason(String name, String message) {
    var matcher = REASON.matcher(message);
    var told = matcher.matches() ? matcher.group(1) : message;
    if (!told.startsWith("Not a number of type")) {
      return told;
    }
    if (name.endsWith(".bytes") || SIZES.contains(name)) {
      return "a whole number of bytes without a unit, as Kafka takes it: 1048576 for 1 MiB";
    }
    return name.endsWith(".ms")
        ? "a whole number of milliseconds without a unit, as Kafka takes it: 5000 for 5s"
        : "a whole number";
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

  /** Kafka's clients connect without a login, or without TLS, whatever is set of these. */
  private void checkProtocol() {
    var protocol = protocol(properties);
    if (isToBeResolved(protocol)) {
      return;
    }
    for (var name : properties.keySet()) {
      boolean isForLogin = name.startsWith("sasl.") && !protocol.startsWith("SASL_");
      boolean isForTls = name.startsWith("ssl.") && !protocol.endsWith("SSL");
      if (isForLogin || isForTls) {
        warn(name, "has no effect: security.protocol is " + protocol);
      }
    }
  }

  static String protocol(Map<String, String> properties) {
    return properties
        .getOrDefault(
            CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
            CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
        .strip()
        .toUpperCase(Locale.ROOT);
  }

  /** As a consumer does that joins a group by the classic protocol. */
  private void checkHeartbeat() {
    var heartbeat = number(HEARTBEAT, KafkaClientConfigs.CONSUMER_DEFAULTS);
    var session = number(SESSION, KafkaClientConfigs.CONSUMER_DEFAULTS);
    if (isLess(session, heartbeat) || (heartbeat.isPresent() && heartbeat.equals(session))) {
      refuse(
          properties.containsKey(HEARTBEAT) ? HEARTBEAT : SESSION,
          "%d ms between heartbeats are not allowed; less than %s, which is %d ms"
              .formatted(heartbeat.getAsLong(), SESSION, session.getAsLong()));
    }
  }

  /** As a client does when it is opened, of a timeout that is set. */
  private void checkTimeout(CompositeTimeout timeout, Map<String, Object> defaults) {
    var ms = number(timeout.name(), Map.of());
    var leastMs = timeout.leastMs(part -> number(part, defaults));
    if (isLess(ms, leastMs)) {
      refuse(
          timeout.name(),
          "%d ms are not allowed; at least %s, which is %d ms"
              .formatted(ms.getAsLong(), String.join(" + ", timeout.parts()), leastMs.getAsLong()));
    }
  }

  /**
   * What the producer's buffer cannot hold would fail with every record. Where it is the buffer
   * alone that is small, records that fit into it are published all the same.
   */
  private void checkBuffer(String size) {
    var kafkas = ProducerConfig.configDef().defaultValues();
    var buffer = number(BUFFER, kafkas);
    var bytes = number(size, kafkas);
    if (!isLess(buffer, bytes)) {
      return;
    }
    if (properties.containsKey(size)) {
      refuse(size, outOfBounds(bytes, "at most", BUFFER, buffer));
    } else if (size.equals(BATCH)) {
      refuse(BUFFER, outOfBounds(buffer, "at least", size, bytes));
    } else {
      warn(
          BUFFER,
          "is less than %s, which is %d: a record between the two never fits"
              .formatted(size, bytes.getAsLong()));
    }
  }

  private static String outOfBounds(
      OptionalLong number, String bound, String other, OptionalLong otherNumber) {
    return "%d is not allowed; %s %s, which is %d"
        .formatted(number.getAsLong(), bound, other, otherNumber.getAsLong());
  }

  /** As a producer does that is to store each record once and in order. */
  private void checkIdempotence(String name, long most) {
    long number = number(name, Map.of()).orElse(1);
    if (number < 1 || number > most) {
      refuse(
          name,
          "%d is not allowed; 1 to %d, so that each record is stored once and in order"
              .formatted(number, most));
    }
  }

  /** False where one of them is not known. */
  private static boolean isLess(OptionalLong one, OptionalLong other) {
    return one.isPresent() && other.isPresent() && one.getAsLong() < other.getAsLong();
  }

  private OptionalLong number(String name, Map<String, Object> defaults) {
    var set = properties.get(name);
    return known(set == null ? defaults.get(name) : set);
  }

  static boolean isToBeResolved(String value) {
    return value.contains(TO_BE_RESOLVED);
  }

  /** The number that is set; empty where none is, or a provider of the operator's is to give it. */
  static OptionalLong known(Object set) {
    return set == null || isToBeResolved(set.toString())
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(set.toString().strip()));
  }

  private void refuse(String name, String reason) {
    settings.refuse("properties." + name, reason);
  }

  private void warn(String name, String text) {
    settings.warn("properties." + name, text);
  }
}
