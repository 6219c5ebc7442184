package io.liiklus.storage.kafka;

import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageContract;
import io.liiklus.testing.SharedKafka;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of records storages, on a real broker. */
class KafkaRecordsStorageIT extends RecordsStorageContract {

  private static RecordsStorage storage;

  @BeforeAll
  static void open() {
    storage = KafkaTestStorage.open(Map.of());
  }

  @AfterAll
  static void close() {
    storage.close();
  }

  @Override
  protected RecordsStorage storage() {
    return storage;
  }

  @Override
  protected void createTopic(String topic, int partitions) {
    SharedKafka.cluster().createTopic(topic, partitions);
  }

  @Override
  protected void addPartitions(String topic, int total) {
    SharedKafka.cluster().addPartitions(topic, total);
  }

  @Override
  protected void deleteRecords(String topic, int partition, long before) {
    SharedKafka.cluster().deleteRecords(topic, partition, before);
  }

  @Override
  protected boolean createsTopics() {
    return false;
  }
}
