package io.liiklus.storage.kafka;

import io.liiklus.api.Offsets;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageContract;
import io.liiklus.testing.SharedKafka;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of records storages, on a real broker. */
class KafkaRecordsStorageIT extends RecordsStorageContract {

  private static RecordsStorage storage;
  private static RecordsStorage second;

  @BeforeAll
  static void open() {
    storage = KafkaTestStorage.open(Map.of());
    second = KafkaTestStorage.open(Map.of());
  }

  @AfterAll
  static void close() {
    second.close();
    storage.close();
  }

  @Override
  protected RecordsStorage storage() {
    return storage;
  }

  @Override
  protected Optional<RecordsStorage> second() {
    return Optional.of(second);
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
  protected void deleteRecords(String topic, int partition, long last) {
    SharedKafka.cluster().deleteRecords(topic, partition, Offsets.next(last));
  }

  @Override
  protected boolean createsTopics() {
    return false;
  }

  @Override
  protected boolean isDense() {
    return true;
  }

  @Override
  protected boolean trims() {
    return true;
  }

  @Override
  protected boolean addsPartitions() {
    return true;
  }
}
