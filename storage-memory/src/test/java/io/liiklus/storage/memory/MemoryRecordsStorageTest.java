package io.liiklus.storage.memory;

import io.liiklus.api.Offsets;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MemoryRecordsStorageTest extends RecordsStorageContract {

  private static MemoryGateway storage;

  @BeforeAll
  static void open() {
    storage =
        new MemoryGateway(
            new MemorySettings(
                32, 1000, 64 << 20, 1 << 20, GroupTimes.revokingWithin(Duration.ofSeconds(1))));
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
    storage.growTo(topic, partitions);
  }

  @Override
  protected void addPartitions(String topic, int total) {
    storage.growTo(topic, total);
  }

  @Override
  protected void deleteRecords(String topic, int partition, long last) {
    storage.deleteBefore(topic, partition, Offsets.next(last));
  }

  @Override
  protected void endPartition(String topic, int partition) {
    storage.endPartition(topic, partition);
  }

  @Override
  protected boolean createsTopics() {
    return true;
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

  @Override
  protected boolean endsPartitions() {
    return true;
  }
}
