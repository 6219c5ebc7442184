package io.liiklus.storage.sql;

import io.liiklus.api.MapSettings;
import io.liiklus.api.Offsets;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageContract;
import io.liiklus.api.StorageContext;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;

/** The contract of records on two storages of one database, whichever it is. */
abstract class SqlRecordsStorageContract extends RecordsStorageContract {

  private static Topics topics;
  private static RecordsStorage storage;
  private static RecordsStorage second;

  static void open(MapSettings settings, MapSettings ofSecond) {
    topics = new Topics(settings);
    storage = new SqlRecordsStorageFactory().open(settings, StorageContext.NONE);
    second = new SqlRecordsStorageFactory().open(ofSecond, StorageContext.NONE);
  }

  @AfterAll
  static void close() {
    second.close();
    storage.close();
    topics.close();
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
    topics.growTo(topic, partitions);
  }

  @Override
  protected void addPartitions(String topic, int total) {
    topics.growTo(topic, total);
  }

  @Override
  protected void deleteRecords(String topic, int partition, long last) {
    topics.deleteBefore(topic, partition, Offsets.next(last));
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
}
