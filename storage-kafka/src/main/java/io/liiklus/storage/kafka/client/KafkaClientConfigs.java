package io.liiklus.storage.kafka.client;

import io.liiklus.api.Settings;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
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
 * know it, and every kind where none does: it may be for a class that the operator brings.
 * Immutable.
 */
public final class KafkaClientConfigs {

  /** Those that we set ourselves, whatever the operator says. */
  private static final Set<String> OURS =
      Set.of(
          ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
          ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          ProducerConfig.ACKS_CONFIG,
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          ProducerConfig.CLIENT_ID_CONFIG);

  /** Those that cannot be used, and why. */
  private static final Map<String, String> UNUSABLE =
      Map.of(
          ProducerConfig.TRANSACTIONAL_ID_CONFIG, "the gateway publishes without transactions",
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "the gateway is many members, not one");

  /** Those that a consumer refuses under the newer group protocol: the broker decides there. */
  private static final Set<String> CLASSIC_PROTOCOL_ONLY =
      Set.of(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG);

  /** Those that only mean something in a group. */
  private static final Set<String> MEMBER_ONLY =
      Set.of(ConsumerConfig.GROUP_PROTOCOL_CONFIG, ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

  /**
   * A broker that hangs still takes connections. A client that knows no other well would connect to
   * it again and wait, over and over, and never ask another broker who leads now. So after a
   * failure the request (retry) has its turn before the next connection (reconnect); both vary by
   * 20 %.
   */
  private static final Map<String, Object> COMMON_DEFAULTS =
      Map.of(
          CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 100,
          CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, 300,
          CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 500,
          CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 1_000);

  static final Map<String, Object> PRODUCER_DEFAULTS =
      Map.of(
          ProducerConfig.LINGER_MS_CONFIG, 0,
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000,
          ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000,
          // A refresh creates the topics that it asks for, where brokers do that. So it is rare,
          // and
          // asks for none but those that were published to within this time, Kafka's least.
          ProducerConfig.METADATA_MAX_IDLE_CONFIG, 5_000);

  static final Map<String, Object> CONSUMER_DEFAULTS =
      Map.of(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName(),
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          "read_committed",
          ConsumerConfig.METADATA_MAX_AGE_CONFIG,
          30_000,
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          4 * 1024 * 1024,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          512 * 1024,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          1_000,
          ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
          10_000,
          ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
          10_000,
          // By its heartbeats a member learns that the group rebalances.
          ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
          1_000);

  /**
   * The heartbeat thread of a member wakes as often as a failure would be tried again, whether
   * there is one or not: at 100 ms that is most of what an idle member costs, and at the interval
   * of its heartbeats nothing beside them. No record waits for it, since members read none.
   */
  private static final Map<String, Object> MEMBER_DEFAULTS =
      Map.of(
          CommonClientConfigs.RETRY_BACKOFF_MS_CONFIG, 1_000,
          CommonClientConfigs.RETRY_BACKOFF_MAX_MS_CONFIG, 1_000,
          CommonClientConfigs.RECONNECT_BACKOFF_MS_CONFIG, 1_600,
          CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 2_000);

  /**
   * Kafka's own 64 KiB take a poll, a look at the socket and a word to the broker for each of them.
   */
  private static final Map<String, Object> READER_DEFAULTS =
      Map.of(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);

  static final Map<String, Object> ADMIN_DEFAULTS =
      Map.of(
          AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 4_000,
          AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);

  private final String bootstrapServers;
  private final Map<String, String> properties;
  private final boolean consumerProtocol;
  private final IsolationLevel isolationLevel;

  private KafkaClientConfigs(
      String bootstrapServers,
      Map<String, String> properties,
      boolean consumerProtocol,
      IsolationLevel isolationLevel) {
    this.bootstrapServers = bootstrapServers;
    this.properties = properties;
    this.consumerProtocol = consumerProtocol;
    this.isolationLevel = isolationLevel;
  }

  public static KafkaClientConfigs of(
      String bootstrapServers, Map<String, String> properties, Settings settings) {
    var kept = new HashMap<>(properties);
    boolean consumerProtocol =
        "consumer".equalsIgnoreCase(kept.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG));
    for (var name : properties.keySet()) {
      if (OURS.contains(name)) {
        kept.remove(name);
        settings.warn("properties." + name, "has no effect: the gateway sets it itself");
      } else if (UNUSABLE.containsKey(name)) {
        kept.remove(name);
        settings.warn("properties." + name, "has no effect: " + UNUSABLE.get(name));
      } else if (consumerProtocol && CLASSIC_PROTOCOL_ONLY.contains(name)) {
        kept.remove(name);
        settings.warn("properties." + name, "has no effect with group.protocol=consumer");
      }
    }
    KafkaPropertyCheck.check(kept, settings);
    return new KafkaClientConfigs(
        bootstrapServers, Map.copyOf(kept), consumerProtocol, isolationLevel(kept));
  }

  /** Committed too where it is none, which is refused. */
  private static IsolationLevel isolationLevel(Map<String, String> properties) {
    var name = properties.getOrDefault(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "");
    return name.strip().equalsIgnoreCase(IsolationLevel.READ_UNCOMMITTED.toString())
        ? IsolationLevel.READ_UNCOMMITTED
        : IsolationLevel.READ_COMMITTED;
  }

  public String bootstrapServers() {
    return bootstrapServers;
  }

  /** Whether members are of the newer group protocol. */
  public boolean isConsumerProtocol() {
    return consumerProtocol;
  }

  /** Under which readers see the log, and end offsets are told. */
  public IsolationLevel isolationLevel() {
    return isolationLevel;
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
    config.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    leaveTimeForParts(CompositeTimeout.DELIVERY, config);
    // Publishing happens on event loops: what would wait fails at once and is taken care of.
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0);
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "liiklus-producer");
    return config;
  }

  /**
   * Of a consumer that takes part in a group and reads nothing.
   *
   * @param onJoin called by its polls when it begins to join
   */
  public Map<String, Object> member(String groupName, String clientId, Runnable onJoin) {
    var config = consumer(MEMBER_DEFAULTS, clientId);
    if (consumerProtocol) {
      config.keySet().removeAll(CLASSIC_PROTOCOL_ONLY);
    } else {
      config.compute(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          (name, assignors) -> noticing(assignors));
      config.put(JoinNotifyingAssignor.ON_JOIN, onJoin);
    }
    config.put(ConsumerConfig.GROUP_ID_CONFIG, groupName);
    return config;
  }

  private static List<Object> noticing(Object assignors) {
    return Arrays.stream(assignors.toString().split(","))
        .map(String::strip)
        .map(
            name ->
                name.equals(CooperativeStickyAssignor.class.getName())
                    ? JoinNotifyingAssignor.class
                    : (Object) name)
        .toList();
  }

  /** Of a consumer that reads at the end of logs and is in no group. */
  public Map<String, Object> tailReader() {
    var config = reader("liiklus-tail");
    // What a partition that is added waits for, since one fetch at a time is under way.
    config.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    return config;
  }

  /** Of a consumer that reads what lies behind the end, and is in no group. */
  public Map<String, Object> catchUpReader() {
    var config = reader("liiklus-catch-up");
    // It never waits for records to come: its next partition would wait for that fetch to end.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
    return config;
  }

  /** As {@link #catchUpReader}, with one record for each poll. */
  public Map<String, Object> singleRecordReader() {
    var config = catchUpReader();
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
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
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteBufferDeserializer.class);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Where to start is decided by us, partition by partition; never by a client's default.
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    return config;
  }

  public Map<String, Object> admin() {
    var config = merged(ADMIN_DEFAULTS, AdminClientConfig.configNames());
    config.put(AdminClientConfig.CLIENT_ID_CONFIG, "liiklus-admin");
    leaveTimeForParts(CompositeTimeout.ADMIN, config);
    return config;
  }

  /** Where the timeout is ours, it follows what is set of its parts. */
  private void leaveTimeForParts(CompositeTimeout timeout, Map<String, Object> config) {
    if (!properties.containsKey(timeout.name())) {
      int ours = (int) config.get(timeout.name());
      long ms = Math.max(ours, timeout.leastMs(config).orElse(ours));
      config.put(timeout.name(), (int) Math.min(ms, Integer.MAX_VALUE));
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
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return config;
  }

  private static boolean isKnownToAny(String name) {
    return ProducerConfig.configNames().contains(name)
        || ConsumerConfig.configNames().contains(name)
        || AdminClientConfig.configNames().contains(name);
  }
}
