package io.liiklus.bench.worker;

import io.liiklus.bench.process.WorkOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Bare clients: Kafka's defaults, and the settings that the gateway's guarantees need. Immutable.
 */
final class KafkaClients {

  private KafkaClients() {}

  /** Reads all partitions of the order's topic from their beginning. */
  static KafkaConsumer<byte[], byte[]> consumer(WorkOrder order) {
    var consumer = consumer(order, Map.of());
    consumer.assign(partitions(order));
    return consumer;
  }

  /** Takes part in a group. */
  static KafkaConsumer<byte[], byte[]> member(WorkOrder order, String group) {
    return consumer(order, Map.of(ConsumerConfig.GROUP_ID_CONFIG, group));
  }

  private static KafkaConsumer<byte[], byte[]> consumer(WorkOrder order, Map<String, Object> more) {
    var config = new HashMap<>(more);
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, order.text("brokers"));
    config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Durable as the gateway's: all in-sync replicas, idempotent; and no lingering, as there. */
  static KafkaProducer<byte[], byte[]> producer(WorkOrder order) {
    return producer(order, Map.of(ProducerConfig.LINGER_MS_CONFIG, 0));
  }

  /** With further properties. */
  static KafkaProducer<byte[], byte[]> producer(WorkOrder order, Map<String, Object> more) {
    var config = new HashMap<>(more);
    config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, order.text("brokers"));
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static List<TopicPartition> partitions(WorkOrder order) {
    return IntStream.range(0, order.number("partitions"))
        .mapToObj(partition -> new TopicPartition(order.text("topic"), partition))
        .toList();
  }
}
