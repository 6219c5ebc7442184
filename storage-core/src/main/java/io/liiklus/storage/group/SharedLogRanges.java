package io.liiklus.storage.group;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogRange;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Ranges of logs whose topics are never made anew, and whose readers see all. Thread-safe. */
final class SharedLogRanges implements LogRanges {

  static final String INCARNATION = "";

  private final RecordLogs logs;

  SharedLogRanges(RecordLogs logs) {
    this.logs = logs;
  }

  @Override
  public CompletionStage<String> incarnation(String topic) {
    return CompletableFuture.completedStage(INCARNATION);
  }

  @Override
  public CompletionStage<Map<Integer, LogRange>> ranges(String topic, Set<Integer> partitions) {
    return logs.ranges(topic, partitions).thenApply(found -> requireAll(topic, partitions, found));
  }

  private static Map<Integer, LogRange> requireAll(
      String topic, Set<Integer> partitions, Map<Integer, OffsetRange> found) {
    var ranges = new HashMap<Integer, LogRange>();
    for (int partition : partitions) {
      var range = found.get(partition);
      if (range == null) {
        throw new StorageException(
            Kind.UNAVAILABLE, "topic " + topic + " has no partition " + partition + " now");
      }
      ranges.put(partition, new LogRange(range, FetchPosition.named(range.end())));
    }
    return ranges;
  }
}
