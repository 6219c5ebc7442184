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
 * The configuration of each kind of Kafka client: our defaults, over them what the operator set in
 * {@code kafka.properties}, over that what the gateway relies on. A property reaches the kinds that
 * know it, and every kind where none does: it may be for a class that the operator brings. Kafka's
 * names stand here as {@code reference.conf} has them. Immutable.
 */
public final class KafkaClientConfigs {

  private static final String ASSIGNORS = ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG;
  private static final String GROUP_PROTOCOL = ConsumerConfig.GROUP_PROTOCOL_CONFIG;
  private static final String ISOLATION_LEVEL = ConsumerConfig.ISOLATION_LEVEL_CONFIG;

  private static final String SET_BY_US = "has no effect: the gateway sets it to ";

  /** Those that have no effect, and why. */
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

  /** Those that a consumer refuses under the newer group protocol: the broker decides there. */
  private static final Set<String> CLASSIC_PROTOCOL_ONLY =
      Set.of(ASSIGNORS, "session.timeout.ms", "heartbeat.interval.ms");

  /** Those that only mean something in a group. */
  private static final Set<String> MEMBER_ONLY = Set.of(GROUP_PROTOCOL, "group.remote.assignor");

  /**
   * A broker that hangs still takes connections. A client that knows no other well would connect to
   * it again and wait, over and over, and never ask another broker who leads now. So after a
   * failure the request (retry) has its turn before the next connection (reconnect); both vary by
   * 20 %.
   */
  private static final Map<String, Object> COMMON_DEFAULTS =
      Map.of(
          "retry.backoff.ms", 100,
          "retry.backoff.max.ms", 300,
          "reconnect.backoff.ms", 500,
          "reconnect.backoff.max.ms", 1_000);

  static final Map<String, Object> PRODUCER_DEFAULTS =
      Map.of(
          "linger.ms", 0,
          "delivery.timeout.ms", 30_000,
          "request.timeout.ms", 10_000,
          // A refresh creates the topics that it asks for, where brokers do that. So it asks for
          // none but those that were published to within this time, Kafka's least.
          "metadata.max.idle.ms", 5_000);

  static final Map<String, Object> CONSUMER_DEFAULTS =
      Map.of(
          ASSIGNORS,
          CooperativeStickyAssignor.class.getName(),
          ISOLATION_LEVEL,
          "read_committed",
          "metadata.max.age.ms",
          30_000,
          "fetch.max.bytes",
          4 * 1024 * 1024,
          "max.partition.fetch.bytes",
          512 * 1024,
          "max.poll.records",
          1_000,
          "session.timeout.ms",
          10_000,
          "request.timeout.ms",
          10_000,
          // By its heartbeats a member learns that the group rebalances.
          "heartbeat.interval.ms",
          1_000);

  /**
   * The heartbeat thread of a member wakes as often as a failure would be tried again, whether
   * there is one or not: at 100 ms that is most of what an idle member costs. No record waits for
   * it, since members read none.
   */
  private static final Map<String, Object> MEMBER_DEFAULTS =
      Map.of(
          "retry.backoff.ms", 1_000,
          "retry.backoff.max.ms", 1_000,
          "reconnect.backoff.ms", 1_600,
          "reconnect.backoff.max.ms", 2_000);

  /** Kafka's own 64 KiB take a poll and a look at the socket for each of them. */
  private static final Map<String, Object> READER_DEFAULTS = Map.of("receive.buffer.bytes", -1);

  static final Map<String, Object> ADMIN_DEFAULTS =
      Map.of("request.timeout.ms", 4_000, "default.api.timeout.ms", 5_000);

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

  /** Whether members are of the newer group protocol. */
  public boolean isConsumerProtocol() {
    return isConsumerProtocol(properties);
  }

  private static boolean isConsumerProtocol(Map<String, String> properties) {
    return "consumer".equalsIgnoreCase(properties.get(GROUP_PROTOCOL));
  }

  /**
   * Under which readers see the log, and end offsets are told. Committed too where it is none,
   * which is refused.
   */
  public IsolationLevel isolationLevel() {
    var name = properties.getOrDefault(ISOLATION_LEVEL, "").strip();
    return name.equalsIgnoreCase(IsolationLevel.READ_UNCOMMITTED.toString())
        ? IsolationLevel.READ_UNCOMMITTED
        : IsolationLevel.READ_COMMITTED;
  }

  /** The largest record that the producer takes, in bytes. */
  public int maxRequestSize() {
    return new ProducerConfig(producer()).getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
  }

  /** How many bytes of records the producer holds. */
  public long bufferMemory() {
    return new ProducerConfig(producer()).getLong(ProducerConfig.BUFFER_MEMORY_CONFIG);
  }

  public Map<String, Object> producer() {
    var config = merged(PRODUCER_DEFAULTS, ProducerConfig.configNames());
    config.put("client.id", "liiklus-producer");
    config.put("key.serializer", ByteArraySerializer.class);
    config.put("value.serializer", ByteArraySerializer.class);
    config.put("acks", "all");
    config.put("enable.idempotence", true);
    // Publishing happens on event loops: what would wait fails at once and is taken care of.
    config.put("max.block.ms", 0);
    leaveTimeForParts(CompositeTimeout.DELIVERY, config);
    return config;
  }

  /**
   * Of a consumer that takes part in a group and reads nothing.
   *
   * @param onJoin called by its polls when it begins to join
   */
  public Map<String, Object> member(String groupName, String clientId, Runnable onJoin) {
    var config = consumer(MEMBER_DEFAULTS, clientId);
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

  /** Of a consumer that reads at the end of logs and is in no group. */
  public Map<String, Object> tailReader() {
    var config = reader("liiklus-tail");
    // What a partition that is added waits for, since one fetch at a time is under way.
    config.putIfAbsent("fetch.max.wait.ms", 100);
    return config;
  }

  /** Of a consumer that reads what lies behind the end, and is in no group. */
  public Map<String, Object> catchUpReader() {
    var config = reader("liiklus-catch-up");
    // It never waits for records to come: its next partition would wait for that fetch to end.
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
    var config = consumer(READER_DEFAULTS, clientId);
    config.keySet().removeAll(MEMBER_ONLY);
    return config;
  }

  private Map<String, Object> consumer(Map<String, Object> kindDefaults, String clientId) {
    var defaults = new HashMap<>(CONSUMER_DEFAULTS);
    defaults.putAll(kindDefaults);
    var config = merged(defaults, ConsumerConfig.configNames());
    config.put("client.id", clientId);
    config.put("key.deserializer", ByteBufferDeserializer.class);
    config.put("value.deserializer", ByteBufferDeserializer.class);
    config.put("enable.auto.commit", false);
    // Where to start is decided by us, partition by partition; never by a client's default.
    config.put("auto.offset.reset", "none");
    config.put("allow.auto.create.topics", false);
    return config;
  }

  public Map<String, Object> admin() {
    var config = merged(ADMIN_DEFAULTS, AdminClientConfig.configNames());
    config.put("client.id", "liiklus-admin");
    leaveTimeForParts(CompositeTimeout.ADMIN, config);
    return config;
  }

  /** Where the timeout is ours, it follows what is set of its parts. */
  private void leaveTimeForParts(CompositeTimeout timeout, Map<String, Object> config) {
    if (!properties.containsKey(timeout.name())) {
      int ours = (int) config.get(timeout.name());
      var least = timeout.leastMs(part -> KafkaPropertyCheck.known(config.get(part)));
      config.put(
          timeout.name(), (int) Math.min(Math.max(ours, least.orElse(ours)), Integer.MAX_VALUE));
    }
  }

  private Map<String, Object> merged(Map<String, Object> defaults, Set<String> known) {
    var config = new HashMap<>(COMMON_DEFAULTS);
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
