package io.liiklus.storage.memory;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Positions that last as long as the process. Every call answers before it returns. Thread-safe.
 */
final class MemoryPositionsStorage implements PositionsStorage {

  private record Group(String topic, String name) {}

  private final int maxPositions;
  private final AtomicInteger count = new AtomicInteger();

  /** Offsets by group, version and partition. Nothing is ever removed. */
  private final Map<Group, ConcurrentSkipListMap<Integer, Map<Integer, Long>>> groups =
      new ConcurrentHashMap<>();

  private volatile boolean isClosed;

  MemoryPositionsStorage(int maxPositions) {
    this.maxPositions = maxPositions;
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    var group = new Group(positions.topic(), positions.group().name());
    int version = positions.group().version();
    return answer(
        () -> {
          positions
              .offsets()
              .forEach((partition, offset) -> put(group, version, partition, offset));
          return null;
        });
  }

  private void put(Group group, int version, int partition, long offset) {
    var versions = groups.get(group);
    var offsets = versions == null ? null : versions.get(version);
    if (offsets != null && offsets.replace(partition, offset) != null) {
      return;
    }
    if (count.incrementAndGet() > maxPositions) {
      count.decrementAndGet();
      throw new StorageException(
          Kind.EXHAUSTED, "memory.maxPositions = " + maxPositions + " positions are stored");
    }
    var before =
        groups
            .computeIfAbsent(group, added -> new ConcurrentSkipListMap<>())
            .computeIfAbsent(version, added -> new ConcurrentHashMap<>())
            .put(partition, offset);
    if (before != null) {
      // Another thread stored the first value meanwhile, and has counted it.
      count.decrementAndGet();
    }
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return answer(
        () -> {
          var versions = groups.get(new Group(topic, group.name()));
          var offsets = versions == null ? null : versions.get(group.version());
          return offsets == null ? Map.of() : Map.copyOf(offsets);
        });
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return answer(() -> copy(groups.get(new Group(topic, groupName))));
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    return answer(
        () -> {
          var all = new ArrayList<GroupPositions>();
          groups.forEach(
              (group, versions) ->
                  copy(versions)
                      .forEach(
                          (version, offsets) ->
                              all.add(
                                  new GroupPositions(
                                      group.topic(),
                                      new GroupId(group.name(), version),
                                      offsets))));
          return all;
        });
  }

  /** Without versions that another thread is just adding, which hold nothing yet. */
  private static SortedMap<Integer, Map<Integer, Long>> copy(
      SortedMap<Integer, Map<Integer, Long>> versions) {
    var copy = new TreeMap<Integer, Map<Integer, Long>>();
    if (versions != null) {
      versions.forEach(
          (version, offsets) -> {
            if (!offsets.isEmpty()) {
              copy.put(version, Map.copyOf(offsets));
            }
          });
    }
    return copy;
  }

  @Override
  public CompletionStage<Void> check() {
    return answer(() -> null);
  }

  @Override
  public void close() {
    isClosed = true;
  }

  private <T> CompletionStage<T> answer(Supplier<T> deed) {
    if (isClosed) {
      return CompletableFuture.failedStage(
          new StorageException(Kind.CLOSED, "the positions storage is closed"));
    }
    try {
      return CompletableFuture.completedStage(deed.get());
    } catch (StorageException e) {
      return CompletableFuture.failedStage(e);
    }
  }
}
