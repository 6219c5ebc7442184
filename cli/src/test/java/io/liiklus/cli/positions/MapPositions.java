package io.liiklus.cli.positions;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.PartialPositions;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Positions in maps, whose writes a test can hold back or let fail. Confined to the test. */
final class MapPositions extends PartialPositions {

  final Map<TopicGroup, Map<Integer, Long>> stored = new TreeMap<>();
  final List<GroupPositions> writes = new ArrayList<>();

  /** From this write on they fail. */
  int failFrom = Integer.MAX_VALUE;

  /** So many times nothing can be read. */
  int awayReads;

  /** Called within each write. */
  Runnable onWrite = () -> {};

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    writes.add(positions);
    onWrite.run();
    if (writes.size() >= failFrom) {
      return CompletableFuture.failedStage(new StorageException(Kind.UNAVAILABLE, "is away"));
    }
    stored
        .computeIfAbsent(
            new TopicGroup(positions.topic(), positions.group()), key -> new HashMap<>())
        .putAll(positions.offsets());
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    if (awayReads-- > 0) {
      return CompletableFuture.failedStage(new StorageException(Kind.UNAVAILABLE, "is away"));
    }
    return CompletableFuture.completedStage(
        stored.entrySet().stream()
            .map(e -> new GroupPositions(e.getKey().topic(), e.getKey().group(), e.getValue()))
            .toList());
  }
}
