package io.liiklus.storage.kafka.client;

import io.liiklus.api.Settings;
import java.util.Arrays;
import java.util.HashMap;
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

  private static final String ASSIGNORS = ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
  private static final String BATCH = ProducerConfig.BATCH_SIZE_CONFIG;
  private static final String BUFFER = ProducerConfig.BUFFER_MEMORY_CONFIG;
  private static final String CODEC = ProducerConfig.COMPRESSION_TYPE_CONFIG;
  private static final String HEARTBEAT = ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG;
  private static final String PROTOCOL = CommonClientConfigs.SECURITY_PROTOCOL_CONFIG;
  private static final String SESSION = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;

  /** A broker finds out about a record that comes again among as many batches. */
  private static final int MOST_IN_FLIGHT_IN_ORDER = 5;

  private static final List<ConfigDef> KINDS =
      List.of(
          ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

  /** Those in bytes whose names do not say so. */
  private static final Set<String> SIZES =
      Set.of(BATCH, BUFFER, ProducerConfig.MAX_REQUEST_SIZE_CONFIG);

  private static final String NO_NUMBER = "Not a number of type";

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
      checkBuffer();
      checkProtocol();
      checkIdempotence(ProducerConfig.RETRIES_CONFIG, 1, Integer.MAX_VALUE);
      checkIdempotence(
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1, MOST_IN_FLIGHT_IN_ORDER);
      KafkaSecurityCheck.check(properties, settings);
    }
  }

  private boolean isRight(String name, String value) {
    var kinds = KINDS.stream().filter(kind -> kind.configKeys().containsKey(name)).toList();
    if (kinds.isEmpty()) {
      settings.warn(full(name), "is none of Kafka's own, and reaches all of its clients as it is");
      return true;
    }
    if (isToBeResolved(value)) {
      return true;
    }
    var reason =
        kinds.stream()
            .flatMap(
                kind -> kind.validateAll(Map.of(name, value)).get(name).errorMessages().stream())
            .findFirst()
            .map(KafkaPropertyCheck::withoutNameAndValue)
            .map(told -> told.startsWith(NO_NUMBER) ? wholeNumber(name) : told)
            .or(() -> name.equals(ASSIGNORS) ? whyNoAssignors(value) : Optional.empty())
            .or(() -> name.equals(CODEC) ? CompressionCheck.whyNot(value) : Optional.empty());
    var what = value.isBlank() ? "has no value; " : value + " is not allowed; ";
    reason.ifPresent(told -> settings.refuse(full(name), what + told));
    return reason.isEmpty();
  }

  private static String withoutNameAndValue(String message) {
    var matcher = REASON.matcher(message);
    return matcher.matches() ? matcher.group(1) : message;
  }

  /** Our own settings have units, and Kafka's have none. */
  private static String wholeNumber(String name) {
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
    var protocol = properties.getOrDefault(PROTOCOL, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL);
    var name = protocol.strip().toUpperCase(Locale.ROOT);
    if (name.contains(TO_BE_RESOLVED)) {
      return;
    }
    for (var property : properties.keySet()) {
      boolean isForLogin = property.startsWith("sasl.") && !name.startsWith("SASL_");
      boolean isForTls = property.startsWith("ssl.") && !name.endsWith("SSL");
      if (isForLogin || isForTls) {
        settings.warn(full(property), "has no effect: %s is %s".formatted(PROTOCOL, name));
      }
    }
  }

  /** As a consumer does that joins a group by the classic protocol. */
  private void checkHeartbeat() {
    long heartbeat = number(HEARTBEAT);
    long session = number(SESSION);
    if (heartbeat >= session) {
      settings.refuse(
          full(properties.containsKey(HEARTBEAT) ? HEARTBEAT : SESSION),
          "%d ms between heartbeats are not allowed; less than %s, which is %d ms"
              .formatted(heartbeat, SESSION, session));
    }
  }

  /** As a client does when it is opened, of a timeout that is set. */
  private void checkTimeout(CompositeTimeout timeout, Map<String, Object> defaults) {
    var config = new HashMap<>(defaults);
    config.putAll(properties);
    var ms = known(properties.get(timeout.name()));
    var leastMs = timeout.leastMs(config);
    if (ms.isPresent() && leastMs.isPresent() && ms.getAsLong() < leastMs.getAsLong()) {
      settings.refuse(
          full(timeout.name()),
          "%d ms are not allowed; at least %s, which is %d ms"
              .formatted(ms.getAsLong(), String.join(" + ", timeout.parts()), leastMs.getAsLong()));
    }
  }

  /**
   * What the producer's buffer cannot hold would fail with every record. Where it is the buffer
   * alone that is small, records that fit into it are published all the same.
   */
  private void checkBuffer() {
    var buffer = producerNumber(BUFFER);
    for (var size : List.of(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, BATCH)) {
      var bytes = producerNumber(size);
      boolean fits = bytes.isEmpty() || buffer.isEmpty() || bytes.getAsLong() <= buffer.getAsLong();
      if (!fits && properties.containsKey(size)) {
        settings.refuse(
            full(size),
            "%d is not allowed; at most %s, which is %d"
                .formatted(bytes.getAsLong(), BUFFER, buffer.getAsLong()));
      } else if (!fits && size.equals(BATCH)) {
        settings.refuse(
            full(BUFFER),
            "%d is not allowed; at least %s, which is %d"
                .formatted(buffer.getAsLong(), size, bytes.getAsLong()));
      } else if (!fits) {
        settings.warn(
            full(BUFFER),
            "is less than %s, which is %d: a record between the two never fits"
                .formatted(size, bytes.getAsLong()));
      }
    }
  }

  /** Kafka's own where none is set; empty as {@link #known} says. */
  private OptionalLong producerNumber(String name) {
    var kafkas = ProducerConfig.configDef().defaultValues().get(name);
    return known(properties.getOrDefault(name, kafkas.toString()));
  }

  /** As a producer does that is to store each record once and in order. */
  private void checkIdempotence(String name, long least, long most) {
    long number = known(properties.get(name)).orElse(least);
    if (number < least || number > most) {
      settings.refuse(
          full(name),
          "%d is not allowed; %d to %d, so that each record is stored once and in order"
              .formatted(number, least, most));
    }
  }

  private long number(String name) {
    return known(properties.get(name))
        .orElseGet(() -> (int) KafkaClientConfigs.CONSUMER_DEFAULTS.get(name));
  }

  static boolean isToBeResolved(String value) {
    return value.contains(TO_BE_RESOLVED);
  }

  /** The number that is set; empty where none is, or a provider of the operator's is to give it. */
  static OptionalLong known(Object set) {
    return set == null || set.toString().contains(TO_BE_RESOLVED)
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(set.toString().strip()));
  }

  private static String full(String name) {
    return "properties." + name;
  }
}
