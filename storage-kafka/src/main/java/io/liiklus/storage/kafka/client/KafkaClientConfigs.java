package io.liiklus.storage.kafka.client;

import static java.util.Map.entry;

import io.liiklus.api.Settings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.ByteBufferDeserializer;

/**
 * Configuration of each kind of Kafka client: our defaults, over them the operator's {@code
 * kafka.properties}, over those the properties that the gateway relies on. A property reaches the
 * kinds that know it, and every kind where none does: it may be for a class of the operator's.
 * Immutable.
 */
public final class KafkaClientConfigs {

  private static final String ASSIGNORS = ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
  private static final String GROUP_PROTOCOL = ConsumerConfig.GROUP_PROTOCOL_CONFIG;
  private static final String ISOLATION_LEVEL = ConsumerConfig.ISOLATION_LEVEL_CONFIG;

  private static final String SET_BY_US = "has no effect: the gateway sets it to ";

  /** Properties without effect, each with the reason. */
  private static final Map<String, String> UNUSABLE =
      Map.ofEntries(
          entry("transactional.id", "has no effect: the gateway publishes without transactions"),
          entry("group.instance.id", "has no effect: the gateway is many members, not one"),
          entry("bootstrap.servers", SET_BY_US + "kafka.bootstrapServers"),
          entry("client.id", SET_BY_US + "a name of its own for each client"),
          entry("group.id", SET_BY_US + "the group of each Subscribe"),
          entry("key.serializer", SET_BY_US + "that of bytes"),
          entry("value.serializer", SET_BY_US + "that of bytes"),
          entry("key.deserializer", SET_BY_US + "that of bytes"),
          entry("value.deserializer", SET_BY_US + "that of bytes"),
          entry("acks", SET_BY_US + "all"),
          entry("enable.idempotence", SET_BY_US + "true"),
          entry("max.block.ms", SET_BY_US + "0"),
          entry("enable.auto.commit", SET_BY_US + "false"),
          entry("auto.offset.reset", SET_BY_US + "none, as each Subscribe has its own"),
          entry("allow.auto.create.topics", SET_BY_US + "false"));

  /** Properties that a consumer refuses under the newer group protocol: the broker decides them. */
  private static final Set<String> CLASSIC_PROTOCOL_ONLY =
      Set.of(ASSIGNORS, "session.timeout.ms", "heartbeat.interval.ms");

  /** Properties of a member of a group alone. */
  private static final Set<String> MEMBER_ONLY = Set.of(GROUP_PROTOCOL, "group.remote.assignor");

  private final String bootstrapServers;
  private final Map<String, String> properties;

  private KafkaClientConfigs(String bootstrapServers, Map<String, String> properties) {
    this.bootstrapServers = bootstrapServers;
    this.properties = properties;
  }

  public static KafkaClientConfigs of(
      String bootstrapServers, Map<String, String> properties, Settings settings) {
    var kept = new HashMap<>(properties);
    var unusable = new HashMap<>(UNUSABLE);
    if (isConsumerProtocol(properties)) {
      CLASSIC_PROTOCOL_ONLY.forEach(
          name -> unusable.put(name, "has no effect with group.protocol=consumer"));
    }
    unusable.forEach(
        (name, reason) -> {
          if (kept.remove(name) != null) {
            settings.warn("properties." + name, reason);
          }
        });
    KafkaPropertyCheck.check(kept, settings);
    return new KafkaClientConfigs(bootstrapServers, Map.copyOf(kept));
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Returns whether members use the newer group protocol. */
  public boolean isConsumerProtocol() {
    return isConsumerProtocol(properties);
  }

  private static boolean isConsumerProtocol(Map<String, String> properties) {
    return "consumer".equalsIgnoreCase(properties.get(GROUP_PROTOCOL));
  }

  /** Isolation level of readers and of end offsets. A value that is refused counts as committed. */
  public IsolationLevel isolationLevel() {
    var name = properties.getOrDefault(ISOLATION_LEVEL, "").strip();
    return name.equalsIgnoreCase(IsolationLevel.READ_UNCOMMITTED.toString())
        ? IsolationLevel.READ_UNCOMMITTED
        : IsolationLevel.READ_COMMITTED;
  }

  /** Largest record that the producer accepts, in bytes. */
  public int maxRequestSize() {
    return new ProducerConfig(producer()).getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
  }

  /** Size of the producer's buffer, in bytes. */
  public long bufferMemory() {
    return new ProducerConfig(producer()).getLong(ProducerConfig.BUFFER_MEMORY_CONFIG);
  }

  public Map<String, Object> producer() {
    var config = merged(KafkaClientDefaults.PRODUCER, ProducerConfig.configNames());
    config.put("client.id", "liiklus-producer");
    config.put("key.serializer", ByteArraySerializer.class);
    config.put("value.serializer", ByteArraySerializer.class);
    config.put("acks", "all");
    config.put("enable.idempotence", true);
    // Publishing happens on event loops: a send that would wait fails at once and is retried.
    config.put("max.block.ms", 0);
    leaveTimeForParts(LowerBound.DELIVERY, config);
    return config;
  }

  /**
   * Configuration of a consumer that is a member of a group and reads nothing.
   *
   * @param onJoin called by its polls when it begins to join
   */
  public Map<String, Object> member(String groupName, String clientId, Runnable onJoin) {
    var config = consumer(KafkaClientDefaults.MEMBER, clientId);
    if (isConsumerProtocol()) {
      config.keySet().removeAll(CLASSIC_PROTOCOL_ONLY);
    } else {
      config.compute(ASSIGNORS, (name, assignors) -> noticing(assignors));
      config.put(JoinNotifyingAssignor.ON_JOIN, onJoin);
    }
    config.put("group.id", groupName);
    return config;
  }

  private static List<Object> noticing(Object assignors) {
    var noticed = CooperativeStickyAssignor.class.getName();
    return Arrays.stream(assignors.toString().split(","))
        .map(String::strip)
        .map(name -> name.equals(noticed) ? JoinNotifyingAssignor.class : (Object) name)
        .toList();
  }

  /** Configuration of a consumer that reads at the end of logs, in no group. */
  public Map<String, Object> tailReader() {
    var config = reader("liiklus-tail");
    // An added partition waits as long, since one fetch at a time is under way.
    config.putIfAbsent("fetch.max.wait.ms", 100);
    return config;
  }

  /** Configuration of a consumer that reads behind the end of logs, in no group. */
  public Map<String, Object> catchUpReader() {
    var config = reader("liiklus-catch-up");
    // It never waits for new records: its next partition would wait for the end of that fetch.
    config.put("fetch.max.wait.ms", 10);
    return config;
  }

  /** As {@link #catchUpReader}, with one record for each poll. */
  public Map<String, Object> singleRecordReader() {
    var config = catchUpReader();
    config.put("max.poll.records", 1);
    return config;
  }

  private Map<String, Object> reader(String clientId) {
    var config = consumer(KafkaClientDefaults.READER, clientId);
    config.keySet().removeAll(MEMBER_ONLY);
    return config;
  }

  private Map<String, Object> consumer(Map<String, Object> kindDefaults, String clientId) {
    var defaults = new HashMap<>(KafkaClientDefaults.CONSUMER);
    defaults.putAll(kindDefaults);
    var config = merged(defaults, ConsumerConfig.configNames());
    config.put("client.id", clientId);
    config.put("key.deserializer", ByteBufferDeserializer.class);
    config.put("value.deserializer", ByteBufferDeserializer.class);
    config.put("enable.auto.commit", false);
    // The gateway decides where each partition starts, never a client's default.
    config.put("auto.offset.reset", "none");
    config.put("allow.auto.create.topics", false);
    return config;
  }

  public Map<String, Object> admin() {
    var config = merged(KafkaClientDefaults.ADMIN, AdminClientConfig.configNames());
    config.put("client.id", "liiklus-admin");
    leaveTimeForParts(LowerBound.ADMIN, config);
    return config;
  }

  /** Raises a timeout that is our default to the sum of its parts. */
  private void leaveTimeForParts(LowerBound timeout, Map<String, Object> config) {
    if (!properties.containsKey(timeout.name())) {
      int ours = (int) config.get(timeout.name());
      var leastMs = timeout.least(part -> KafkaPropertyCheck.known(config.get(part)));
      config.put(
          timeout.name(), (int) Math.min(Math.max(ours, leastMs.orElse(ours)), Integer.MAX_VALUE));
    }
  }

  private Map<String, Object> merged(Map<String, Object> defaults, Set<String> known) {
    var config = new HashMap<>(KafkaClientDefaults.COMMON);
    config.putAll(defaults);
    properties.forEach(
        (name, value) -> {
          if (known.contains(name) || !isKnownToAny(name)) {
            config.put(name, value);
          }
        });
    config.put("bootstrap.servers", bootstrapServers);
    return config;
  }

  private static boolean isKnownToAny(String name) {
    return ProducerConfig.configNames().contains(name)
        || ConsumerConfig.configNames().contains(name)
        || AdminClientConfig.configNames().contains(name);
  }
}
