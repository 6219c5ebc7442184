package io.liiklus.storage.kafka;

import io.liiklus.api.RecordsStorage;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same with Kafka's newer group protocol, which calls back with other sets of partitions. */
class KafkaConsumerProtocolIT extends KafkaRecordsStorageIT {

  private static RecordsStorage storage;

  @BeforeAll
  static void openOther() {
    storage = KafkaTestStorage.open(Map.of("properties.group.protocol", "consumer"));
  }

  @AfterAll
  static void closeOther() {
    storage.close();
  }

  @Override
  protected RecordsStorage storage() {
    return storage;
  }
}
