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
 * Check of {@code kafka.properties} at the start. Refuses values that Kafka's clients would refuse
 * when they are opened, which a member of a group is by the first Subscribe; warns of unknown
 * names. Immutable.
 */
final class KafkaPropertyCheck {

  private static final String BATCH = ProducerConfig.BATCH_SIZE_CONFIG;
  private static final String BUFFER = ProducerConfig.BUFFER_MEMORY_CONFIG;
  private static final String REQUEST = ProducerConfig.MAX_REQUEST_SIZE_CONFIG;

  /** Batches of a producer among which a broker recognizes a repeated one. */
  private static final int MOST_IN_FLIGHT_IN_ORDER = 5;

  private static final List<ConfigDef> KINDS =
      List.of(
          ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef());

  /** Properties in bytes whose names do not end so. */
  private static final Set<String> SIZES = Set.of(BATCH, BUFFER, REQUEST);

  /** Mark of a value that a config provider of the operator's resolves later. */
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
   * @param properties of the operator, without those that the gateway sets
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
      check(LowerBound.SESSION);
      // Where these are ours, they follow their parts.
      if (properties.containsKey(LowerBound.DELIVERY.name())) {
        check(LowerBound.DELIVERY);
      }
      if (properties.containsKey(LowerBound.ADMIN.name())) {
        check(LowerBound.ADMIN);
      }
      checkBuffer();
      checkProtocol();
      checkIdempotence(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE);
      checkIdempotence(
          ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, MOST_IN_FLIGHT_IN_ORDER);
      if (properties.values().stream().noneMatch(KafkaPropertyCheck::isToBeResolved)) {
        new KafkaSecurityCheck(properties, protocol(), settings).check();
      }
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
            .map(message -> reason(name, message))
            .or(
                () ->
                    switch (name) {
                      case ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG ->
                          whyNoAssignors(value);
                      case ProducerConfig.COMPRESSION_TYPE_CONFIG -> CompressionCheck.whyNot(value);
                      default -> Optional.empty();
                    });
    var what = value.isBlank() ? "has no value; " : value + " is not allowed; ";
    reason.ifPresent(why -> refuse(name, what + why));
    return reason.isEmpty();
  }

  /** Kafka's reason without name and value. Names the unit: unlike ours, Kafka's have none. */
  private static String reason(String name, String message) {
    var matcher = REASON.matcher(message);
    var reason = matcher.matches() ? matcher.group(1) : message;
    if (!reason.startsWith("Not a number of type")) {
      return reason;
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

  /** Warns of properties for a login or TLS where the protocol uses none. */
  private void checkProtocol() {
    var protocol = protocol();
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

  private String protocol() {
    return properties
        .getOrDefault(
            CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
            CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL)
        .strip()
        .toUpperCase(Locale.ROOT);
  }

  /**
   * Where it is the buffer alone that is small, records that fit into it are published all the
   * same.
   */
  private void checkBuffer() {
    var kafkas = ProducerConfig.configDef().defaultValues();
    check(LowerBound.buffer(BATCH, kafkas));
    var request = LowerBound.buffer(REQUEST, kafkas);
    if (properties.containsKey(REQUEST)) {
      check(request);
    } else if (isBelow(request)) {
      warn(
          BUFFER,
          "is less than %s, which is %d: a record between the two never fits"
              .formatted(REQUEST, number(REQUEST, kafkas).getAsLong()));
    }
  }

  /** Names the part where that is set, since the whole may be a default. */
  private void check(LowerBound bound) {
    if (!isBelow(bound)) {
      return;
    }
    long number = number(bound.name(), bound.defaults()).getAsLong();
    long least = bound.least(part -> number(part, bound.defaults())).getAsLong();
    var first = bound.parts().get(0);
    if (bound.parts().size() == 1 && properties.containsKey(first)) {
      var part = number(first, bound.defaults()).getAsLong();
      refuse(first, outOfBounds(part, bound.textOfPart(), number - bound.more()));
    } else {
      refuse(bound.name(), outOfBounds(number, bound.text(), least));
    }
  }

  /** False where one of them is not known. */
  private boolean isBelow(LowerBound bound) {
    var number = number(bound.name(), bound.defaults());
    var least = bound.least(part -> number(part, bound.defaults()));
    return number.isPresent() && least.isPresent() && number.getAsLong() < least.getAsLong();
  }

  private static String outOfBounds(long number, String bound, long boundNumber) {
    return "%d is not allowed; %s, which is %d".formatted(number, bound, boundNumber);
  }

  /** Refuses what an idempotent producer refuses. */
  private void checkIdempotence(String name, long most) {
    long number = number(name, Map.of()).orElse(1);
    if (number < 1 || number > most) {
      refuse(
          name,
          "%d is not allowed; 1 to %d, so that each record is stored once and in order"
              .formatted(number, most));
    }
  }

  private OptionalLong number(String name, Map<String, ?> defaults) {
    var set = properties.get(name);
    return known(set == null ? defaults.get(name) : set);
  }

  private static boolean isToBeResolved(String value) {
    return value.contains(TO_BE_RESOLVED);
  }

  /** The number that is set; empty where there is none, or a config provider resolves it. */
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
