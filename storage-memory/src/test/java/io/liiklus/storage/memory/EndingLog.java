package io.liiklus.storage.memory;

import io.liiklus.api.RecordsStorage;
import java.time.Duration;

/** A storage in memory whose partitions end when a test says so, for tests of other packages. */
public final class EndingLog implements AutoCloseable {

  private final MemoryGateway storage =
      new MemoryGateway(
          new MemorySettings(
              1, 10, 1 << 20, 1 << 10, GroupTimes.revokingWithin(Duration.ofMillis(200))));

  public RecordsStorage storage() {
    return storage;
  }

  /** Creates the topic with one partition. */
  public void create(String topic) {
    storage.growTo(topic, 1);
  }

  /** Ends the only partition of a topic. */
  public void end(String topic) {
    storage.endPartition(topic, 0);
  }

  @Override
  public void close() {
    storage.close();
  }
}
