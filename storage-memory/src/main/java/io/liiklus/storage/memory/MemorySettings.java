package io.liiklus.storage.memory;

import io.liiklus.api.Settings;
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
    Duration revokeTimeout) {

  private static final int MOST_PARTITIONS = 10_000;
  private static final int MOST_TOPICS = 1_000_000;
  private static final long KIB = 1024;
  private static final long GIB = 1024 * 1024 * KIB;

  static MemorySettings read(Settings settings) {
    var read =
        new MemorySettings(
            settings.integer("partitions", 1, MOST_PARTITIONS),
            settings.integer("maxTopics", 1, MOST_TOPICS),
            settings.bytes("maxBytesPerPartition", KIB, 64 * GIB),
            settings.bytes("maxRecordBytes", KIB, GIB),
            settings.duration("revokeTimeout", Duration.ofMillis(1), Duration.ofMinutes(1)));
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
}
