package io.liiklus.faults.journal;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Contents of a topic: for each partition the records' ids by offset. Immutable once filled. */
public final class LogContents {

  private static final NavigableMap<Long, String> EMPTY = new TreeMap<>();

  private final Map<Integer, NavigableMap<Long, String>> partitions = new HashMap<>();
  private final Map<Integer, Long> starts = new HashMap<>();

  /** Sets the start of a partition: records below it were removed. */
  public LogContents startingAt(int partition, long offset) {
    starts.put(partition, offset);
    return this;
  }

  public LogContents with(int partition, long offset, String id) {
    partitions.computeIfAbsent(partition, none -> new TreeMap<>()).put(offset, id);
    return this;
  }

  public Iterable<Integer> partitions() {
    return partitions.keySet();
  }

  public NavigableMap<Long, String> records(int partition) {
    return partitions.getOrDefault(partition, EMPTY);
  }

  public long start(int partition) {
    return starts.getOrDefault(partition, 0L);
  }

  public int size() {
    return partitions.values().stream().mapToInt(Map::size).sum();
  }
}
