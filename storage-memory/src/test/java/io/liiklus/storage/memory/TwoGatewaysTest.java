package io.liiklus.storage.memory;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.Offsets;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageSharingContract;
import io.liiklus.storage.group.LocalCoordinationStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Gateways that share logs and a coordination store, in one process. */
class TwoGatewaysTest extends RecordsStorageSharingContract {

  private static final MemorySettings SETTINGS =
      new MemorySettings(32, 1000, 64 << 20, 1 << 20, GroupTimes.SHORT);
  private static final MemoryLogs LOGS = new MemoryLogs(SETTINGS);
  private static final CoordinationStore STORE = new LocalCoordinationStore(1000);

  private static RecordsStorage first;
  private static RecordsStorage second;
  private static final List<RecordsStorage> MORTALS = new ArrayList<>();

  @BeforeAll
  static void open() {
    first = SETTINGS.start(LOGS, STORE);
    second = SETTINGS.start(LOGS, STORE);
  }

  @AfterAll
  static void close() {
    first.close();
    second.close();
    MORTALS.forEach(RecordsStorage::close);
  }

  @Override
  protected Optional<RecordsStorage> second() {
    return Optional.of(second);
  }

  @Override
  protected Optional<MortalGateway> mortal() {
    var store = new CutStore();
    var storage = SETTINGS.start(LOGS, store);
    MORTALS.add(storage);
    return Optional.of(new MortalGateway(storage, () -> store.isCut = true));
  }

  /** The store as a gateway has it whose calls no longer arrive. */
  private static final class CutStore implements CoordinationStore {

    private volatile boolean isCut;

    @Override
    public CompletionStage<Map<String, Row>> read(Set<String> keys) {
      return isCut ? new CompletableFuture<>() : STORE.read(keys);
    }

    @Override
    public CompletionStage<OptionalLong> replace(String key, long version, byte[] value) {
      return isCut ? new CompletableFuture<>() : STORE.replace(key, version, value);
    }
  }

  @Override
  protected RecordsStorage storage() {
    return first;
  }

  @Override
  protected void createTopic(String topic, int partitions) {
    LOGS.all().growTo(topic, partitions);
  }

  @Override
  protected void addPartitions(String topic, int total) {
    LOGS.all().growTo(topic, total);
  }

  @Override
  protected void deleteRecords(String topic, int partition, long last) {
    LOGS.all().find(topic).log(partition).deleteBefore(Offsets.next(last));
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
