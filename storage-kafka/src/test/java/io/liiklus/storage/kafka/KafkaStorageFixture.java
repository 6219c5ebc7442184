package io.liiklus.storage.kafka;

import io.liiklus.api.Offsets;
import io.liiklus.api.RecordsStorageFixture;
import io.liiklus.testing.SharedKafka;

/** Topics on the shared broker, for tests of what is Kafka's alone. */
abstract class KafkaStorageFixture extends RecordsStorageFixture {

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
