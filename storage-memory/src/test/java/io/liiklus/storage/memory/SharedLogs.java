package io.liiklus.storage.memory;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.RecordsStorage;

/**
 * Logs in memory that several gateways of a test share, with groups over a store of the test's, for
 * tests of other packages. A gateway is dead after 2 seconds of silence. Thread-safe.
 */
public final class SharedLogs {

  private final MemorySettings settings =
      new MemorySettings(1, 100, 1 << 20, 1 << 10, GroupTimes.SHORT);
  private final MemoryLogs logs = new MemoryLogs(settings);

  /** The storage of one gateway. */
  public RecordsStorage gateway(CoordinationStore store) {
    return settings.start(logs, store);
  }

  /** Creates a topic. */
  public void create(String topic, int partitions) {
    logs.all().growTo(topic, partitions);
  }
}
