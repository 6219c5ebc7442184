package io.liiklus.storage.kafka.positions;

import io.liiklus.storage.kafka.client.AdminClients;
import io.liiklus.storage.kafka.client.KafkaClientConfigs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Opens the Kafka clients of the positions. They are configured as those of the records are, but
 * for the times: a call that has waited for {@code kafka.positions.callTimeout} is over. Immutable.
 */
final class PositionsClients {

  /** A broker that hangs is left within a call, so that there is time for its successor. */
  private static final int TRIES = 2;

  /** How long a broker holds a fetch to which there is nothing new. */
  private static final int FETCH_WAIT_MS = 500;

  /** A start reads the whole topic. */
  private static final int FETCH_BYTES = 2 << 20;

  private static final int POLL_RECORDS = 5_000;

  private final KafkaClientConfigs clients;
  private final int callMs;

  PositionsClients(KafkaClientConfigs clients, Duration callTimeout) {
    this.clients = clients;
    this.callMs = (int) callTimeout.toMillis();
  }

  Map<String, Object> adminConfig() {
    var config = clients.admin();
    config.put(AdminClientConfig.CLIENT_ID_CONFIG, "liiklus-positions-admin");
    config.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, callMs / TRIES);
    config.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, callMs);
    return config;
  }

  /** No old write lingers: one that was not stored within the time of its call never is. */
  Map<String, Object> producerConfig() {
    var config = clients.producer();
    config.put(ProducerConfig.CLIENT_ID_CONFIG, "liiklus-positions-producer");
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, callMs);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, callMs / TRIES);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    // While a request is under way the writes of other groups collect for the next one.
    config.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    // Its one topic stays known, so that the first write after a quiet day does not fail.
    config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Integer.MAX_VALUE);
    return config;
  }

  /** Reads what was written at once, and from the leader, which is first to have it. */
  Map<String, Object> consumerConfig() {
    var config = clients.tailReader();
    config
        .keySet()
        .removeAll(
            List.of(ConsumerConfig.CLIENT_RACK_CONFIG, ConsumerConfig.FETCH_MIN_BYTES_CONFIG));
    config.put(ConsumerConfig.CLIENT_ID_CONFIG, "liiklus-positions-reader");
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MS);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, POLL_RECORDS);
    config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, callMs + FETCH_WAIT_MS);
    config.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    config.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    return config;
  }

  Admin openAdmin() {
    return AdminClients.open(adminConfig());
  }

  Producer<byte[], byte[]> openProducer() {
    return new KafkaProducer<>(producerConfig());
  }

  Consumer<byte[], byte[]> openConsumer() {
    return new KafkaConsumer<>(consumerConfig());
  }
}
