package io.liiklus.faults;

import io.liiklus.faults.journal.Event.Published;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kafka's own producer, for requests that a gateway's clients cannot make: a partition by its
 * number, transactions, keys whose records replace each other. Confined to the test's thread.
 */
final class DirectProducer implements AutoCloseable {

  private static final Map<String, Object> SETTINGS = Map.of("acks", "all");

  private final Stage stage;
  private final KafkaProducer<byte[], byte[]> producer;
  private long number;

  DirectProducer(Stage stage) {
    this(stage, SETTINGS);
  }

  private DirectProducer(Stage stage, Map<String, Object> settings) {
    this.stage = stage;
    var all = new HashMap<>(settings);
    all.put("bootstrap.servers", stage.deployment().kafka().bootstrapServers());
    var bytes = new ByteArraySerializer();
    this.producer = new KafkaProducer<>(all, bytes, bytes);
  }

  /** One whose records are in transactions. */
  static DirectProducer transactional(Stage stage) {
    var direct = new DirectProducer(stage, Map.of("transactional.id", stage.topic()));
    direct.producer.initTransactions();
    return direct;
  }

  KafkaProducer<byte[], byte[]> producer() {
    return producer;
  }

  /** Records of a key of their own; the journal has them. */
  void publish(int partition, int count) {
    var key = "direct-" + partition;
    var journal = stage.journal();
    for (int i = 0; i < count; i++) {
      var id = key + ":" + ++number;
      long offset = send(partition, key, id);
      journal.add(new Published(journal.nowNs(), key, id, partition, offset));
    }
  }

  /** The offset of a record that the journal does not have; without a value it is a tombstone. */
  long send(int partition, String key, String value) {
    var record =
        new ProducerRecord<>(
            stage.topic(), partition, bytes(key), value == null ? null : bytes(value));
    try {
      return producer.send(record).get().offset();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot send", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while sending", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    producer.close();
  }
}
