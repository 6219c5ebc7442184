package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.read.StoredRecord;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A topic and its partitions, which may grow in number. Thread-safe. */
final class MemoryTopic {

  private final String name;
  private final long maxBytesPerPartition;
  private final AtomicInteger keyless = new AtomicInteger();
  private volatile MemoryLog[] logs = {};

  MemoryTopic(String name, int partitions, long maxBytesPerPartition) {
    this.name = name;
    this.maxBytesPerPartition = maxBytesPerPartition;
    growTo(partitions);
  }

  synchronized void growTo(int partitions) {
    var grown = Arrays.copyOf(logs, Math.max(logs.length, partitions));
    for (int i = logs.length; i < grown.length; i++) {
      grown[i] = new MemoryLog(maxBytesPerPartition);
    }
    logs = grown;
  }

  int partitions() {
    return logs.length;
  }

  MemoryLog log(int partition) {
    return logs[partition];
  }

  PublishedRecord append(StoredRecord record) {
    var current = logs;
    int first = partition(record.key(), current.length);
    for (int i = 0; i < current.length; i++) {
      int partition = (first + i) % current.length;
      long offset = current[partition].append(record);
      if (offset != Offsets.UNKNOWN) {
        return new PublishedRecord(name, partition, offset);
      }
    }
    throw new StorageException(
        Kind.PRECONDITION, "all partitions of topic " + name + " have ended");
  }

  /** Appends to the partition that the caller names. */
  PublishedRecord append(StoredRecord record, int partition) {
    var current = logs;
    if (partition < 0 || partition >= current.length) {
      throw StorageException.notStored(
          Kind.BAD_RECORD, "topic %s has no partition %d".formatted(name, partition));
    }
    long offset = current[partition].append(record);
    if (offset == Offsets.UNKNOWN) {
      throw new StorageException(
          Kind.PRECONDITION, "partition %d of topic %s has ended".formatted(partition, name));
    }
    return new PublishedRecord(name, partition, offset);
  }

  /** The partition of a key, as the original chose it. */
  private int partition(ByteBuffer key, int partitions) {
    return key == null
        ? Math.floorMod(keyless.getAndIncrement(), partitions)
        : Math.abs(key.hashCode() % partitions);
  }

  Map<Integer, OffsetRange> ranges() {
    var current = logs;
    var ranges = new HashMap<Integer, OffsetRange>();
    for (int i = 0; i < current.length; i++) {
      ranges.put(i, current[i].range());
    }
    return ranges;
  }
}
