package io.liiklus.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.testing.KafkaCluster.Damage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class KafkaClusterIT {

  private static final Duration READ_BOUND = Duration.ofSeconds(10);

  @Test
  void killedBroker_returnsWithItsRecords() throws Exception {
    try (var kafka = KafkaCluster.start(1)) {
      kafka.createTopic("events", 2);
      publish(kafka, new TopicPartition("events", 1), "first");

      kafka.kill(1);
      kafka.restart(1);

      assertThat(firstValue(kafka, new TopicPartition("events", 1))).isEqualTo("first");
    }
  }

  @Test
  void twoOfThreeBrokers_takeRecordsAndAllReturnAfterATotalLoss() throws Exception {
    try (var kafka = KafkaCluster.start(3)) {
      kafka.createTopic("events", 1);
      kafka.kill(1);
      publish(kafka, new TopicPartition("events", 0), "first");

      kafka.stop(2);
      kafka.kill(3);
      kafka.restart(1);
      kafka.restart(2);
      kafka.restart(3);

      assertThat(firstValue(kafka, new TopicPartition("events", 0))).isEqualTo("first");
    }
  }

  @Test
  void corruptRecord_failsItsReadersAndNoneBeforeIt() throws Exception {
    try (var kafka = KafkaCluster.start(1)) {
      var partition = new TopicPartition("events", 0);
      kafka.createTopic("events", 1);
      publish(kafka, partition, "first");
      publish(kafka, partition, "second");

      kafka.stop(1);
      kafka.corrupt(1, "events", 0, 1, Damage.CONTENTS);
      kafka.restart(1);

      assertThat(firstValue(kafka, partition)).isEqualTo("first");
      kafka.deleteRecords("events", 0, 1);
      assertThatThrownBy(() -> firstValue(kafka, partition))
          .isInstanceOf(KafkaException.class)
          .hasStackTraceContaining("events-0 at offset 1 is invalid");
    }
  }

  @Test
  void killedBroker_isNotCorrupted() {
    try (var kafka = KafkaCluster.start(1)) {
      kafka.createTopic("events", 1);
      kafka.kill(1);

      assertThatThrownBy(() -> kafka.corrupt(1, "events", 0, 0, Damage.CONTENTS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("did not end by itself");
    }
  }

  @Test
  void topics_changeForEveryClientBeforeTheCallReturns() throws Exception {
    var kafka = SharedKafka.cluster();
    kafka.createTopic("changing", 1, Map.of("retention.ms", "60000"));
    kafka.addPartitions("changing", 3);
    publish(kafka, new TopicPartition("changing", 2), "deleted");
    publish(kafka, new TopicPartition("changing", 2), "kept");
    kafka.deleteRecords("changing", 2, 1);
    assertThat(firstValue(kafka, new TopicPartition("changing", 2))).isEqualTo("kept");

    kafka.deleteTopic("changing");
    kafka.createTopic("changing", 1);
    assertThat(kafka.admin().listTopics().names().get()).contains("changing");
  }

  private static void publish(KafkaCluster kafka, TopicPartition partition, String value)
      throws Exception {
    var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers());
    var serializer = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(settings, serializer, serializer)) {
      var bytes = value.getBytes(StandardCharsets.UTF_8);
      producer
          .send(new ProducerRecord<>(partition.topic(), partition.partition(), null, bytes))
          .get();
    }
  }

  private static String firstValue(KafkaCluster kafka, TopicPartition partition) {
    var settings = Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers());
    var deserializer = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(settings, deserializer, deserializer)) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var deadlineNs = System.nanoTime() + READ_BOUND.toNanos();
      while (System.nanoTime() - deadlineNs < 0) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          return new String(record.value(), StandardCharsets.UTF_8);
        }
      }
      return null;
    }
  }
}
