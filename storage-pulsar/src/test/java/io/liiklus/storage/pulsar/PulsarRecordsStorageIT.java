package io.liiklus.storage.pulsar;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageContract;
import io.liiklus.api.StorageContext;
import io.liiklus.storage.group.LocalCoordinationStore;
import io.liiklus.testing.SharedPulsar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of records on two gateways of one broker, whose ledgers have one entry each. */
class PulsarRecordsStorageIT extends RecordsStorageContract {

  private static final CoordinationStore STORE = new LocalCoordinationStore(10_000);
  private static final List<RecordsStorage> MORTALS = new ArrayList<>();
  private static PulsarTopics topics;
  private static RecordsStorage storage;
  private static RecordsStorage second;

  @BeforeAll
  static void open() {
    topics = new PulsarTopics(SharedPulsar.server());
    storage = open(STORE);
    second = open(STORE);
  }

  @AfterAll
  static void close() {
    MORTALS.forEach(RecordsStorage::close);
    second.close();
    storage.close();
  }

  private static RecordsStorage open(CoordinationStore store) {
    StorageContext context = () -> Optional.of(store);
    // Entries of one record each, so that any of them can be the last to go.
    var settings = TestSettings.of(SharedPulsar.server()).with("batching", "false");
    return new PulsarRecordsStorageFactory().open(settings, context);
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
  protected Optional<MortalGateway> mortal() {
    var store = new CutStore(STORE);
    var mortal = open(store);
    MORTALS.add(mortal);
    return Optional.of(new MortalGateway(mortal, store::cut));
  }

  @Override
  protected void createTopic(String topic, int partitions) {
    topics.create(topic, partitions);
  }

  @Override
  protected void addPartitions(String topic, int total) {
    topics.grow(topic, total);
  }

  @Override
  protected void deleteRecords(String topic, int partition, long last) {
    topics.trim(topic, partition, last >>> 32 & 0x3fff_ffff, last >>> 10 & 0x3f_ffff);
    eventually().until(() -> isGone(topic, partition, last));
  }

  /** A start is kept for a second. */
  private boolean isGone(String topic, int partition, long last) {
    var range = rangeOf(topic, partition);
    return range.end() == 0 || range.start() > last;
  }

  @Override
  protected boolean createsTopics() {
    return true;
  }

  @Override
  protected boolean isDense() {
    return false;
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
