package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PartialPositions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Positions that are read when the test says so, and stored at once. */
final class SteppedLookUps extends PartialPositions {

  /** By version, then by partition. */
  final SortedMap<Integer, Map<Integer, Long>> versions = new TreeMap<>();

  private final Deque<CompletableFuture<Void>> open = new ArrayDeque<>();
  private final Deque<CompletableFuture<Void>> writes = new ArrayDeque<>();

  /** The look-up that has been open for longest. */
  CompletableFuture<Void> next() {
    return open.remove();
  }

  boolean hasOpen() {
    return !open.isEmpty();
  }

  CompletableFuture<Void> nextWrite() {
    return writes.remove();
  }

  private CompletionStage<Void> lookUp() {
    var lookUp = new CompletableFuture<Void>();
    open.add(lookUp);
    return lookUp;
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    return lookUp().thenApply(none -> versions.getOrDefault(group.version(), Map.of()));
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    return lookUp().thenApply(none -> new TreeMap<>(versions));
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    var write = new CompletableFuture<Void>();
    writes.add(write);
    return write;
  }
}
