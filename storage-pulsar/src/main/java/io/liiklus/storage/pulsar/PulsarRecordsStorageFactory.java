package io.liiklus.storage.pulsar;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.RecordsStorageFactory;
import io.liiklus.api.Settings;
import io.liiklus.api.StorageContext;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.group.GroupedRecordsStorage;
import io.liiklus.storage.group.LocalCoordinationStore;
import java.util.List;

/** Factory of a records storage over {@link PulsarLogs}. Immutable. */
public final class PulsarRecordsStorageFactory implements RecordsStorageFactory {

  /** A membership has a row for this gateway, and one for each group and topic. */
  private static final int MOST_ROWS = 1_000_000;

  @Override
  public String type() {
    return "PULSAR";
  }

  @Override
  public String settingsRoot() {
    return "pulsar";
  }

  @Override
  public List<String> configuredBy() {
    return List.of("serviceUrl");
  }

  @Override
  public void check(Settings settings) {
    PulsarSettings.read(settings);
  }

  @Override
  public RecordsStorage open(Settings settings, StorageContext context) {
    var read = PulsarSettings.read(settings);
    var store = store(read, context);
    var logs = PulsarLogs.open(read);
    try {
      return GroupedRecordsStorage.start(
          logs, store, read.reading(), read.groups(), read.subscriptions());
    } catch (RuntimeException | Error failure) {
      logs.close();
      throw failure;
    }
  }

  private static CoordinationStore store(PulsarSettings settings, StorageContext context) {
    if (context.coordination().isPresent()) {
      return context.coordination().get();
    }
    if (!settings.isLocal()) {
      throw new StorageException(
          Kind.PRECONDITION,
          "groups of records in PULSAR are coordinated over the store of the positions, and this"
              + " positions storage has none: use another, as REDIS or SQL, or set"
              + " pulsar.groups.local = true where one gateway alone reads them");
    }
    return new LocalCoordinationStore(MOST_ROWS);
  }

  @Override
  public String place(Settings settings) {
    var read = PulsarSettings.read(settings);
    return read.serviceUrl() + " " + read.namespace();
  }
}
