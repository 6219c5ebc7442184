package io.liiklus.storage.memory;

import io.liiklus.api.CoordinationStore;
import io.liiklus.api.Settings;
import io.liiklus.storage.group.CoordinationSettings;
import io.liiklus.storage.group.GroupSettings;
import io.liiklus.storage.group.GroupedRecordsStorage;
import io.liiklus.storage.group.LocalCoordinationStore;
import io.liiklus.storage.read.ReadSettings;
import java.time.Duration;

/**
 * Settings below {@code memory} for records; {@code reference.conf} has the meaning of each.
 * Immutable.
 */
record MemorySettings(
    int partitions,
    int maxTopics,
    long maxBytesPerPartition,
    long maxRecordBytes,
    CoordinationSettings groups) {

  private static final int MOST_PARTITIONS = 10_000;
  private static final int MOST_TOPICS = 1_000_000;
  private static final long KIB = 1024;
  private static final long GIB = 1024 * 1024 * KIB;

  /** Room for records that wait for a client, beside the log's own. */
  private static final long READ_AHEAD = 256 * KIB;

  private static final long TAIL_CACHES = 64 * 1024 * KIB;
  private static final int CATCH_UP_READERS = 4;
  private static final int CPU_PERCENT_BY_PROCESSORS = 0;

  /** A membership has a row for this gateway, and one for each group and topic. */
  private static final int MOST_ROWS = 1_000_000;

  private static final Duration LOOKUP_RETRY = Duration.ofMillis(200);

  static MemorySettings read(Settings settings) {
    var read =
        new MemorySettings(
            settings.integer("partitions", 1, MOST_PARTITIONS),
            settings.integer("maxTopics", 1, MOST_TOPICS),
            settings.bytes("maxBytesPerPartition", KIB, 64 * GIB),
            settings.bytes("maxRecordBytes", KIB, GIB),
            CoordinationSettings.read(settings));
    if (read.maxRecordBytes > read.maxBytesPerPartition) {
      settings.refuse(
          "maxRecordBytes",
          "is "
              + read.maxRecordBytes
              + "; at most maxBytesPerPartition, which is "
              + read.maxBytesPerPartition);
    }
    return read;
  }

  ReadSettings reading() {
    return new ReadSettings(
        READ_AHEAD,
        1,
        READ_AHEAD,
        TAIL_CACHES,
        CATCH_UP_READERS,
        TAIL_CACHES,
        CPU_PERCENT_BY_PROCESSORS);
  }

  /** Starts a gateway's storage of its own. */
  GroupedRecordsStorage start(MemoryLogs logs) {
    return start(logs, new LocalCoordinationStore(MOST_ROWS));
  }

  GroupedRecordsStorage start(MemoryLogs logs, CoordinationStore store) {
    // No topic is ever made anew, and no record is unreadable.
    var subscriptions = new GroupSettings(LOOKUP_RETRY, Duration.ofHours(1), false);
    return GroupedRecordsStorage.start(logs, store, reading(), groups, subscriptions);
  }
}
