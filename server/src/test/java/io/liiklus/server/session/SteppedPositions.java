package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Answers writes when the test says so. */
final class SteppedPositions implements PositionsStorage {

  private final List<String> writes = new ArrayList<>();
  private final Deque<CompletableFuture<Void>> open = new ArrayDeque<>();

  /** What was asked to be written so far, each as partition=offset of all that it holds. */
  List<String> writes() {
    return writes;
  }

  /** As {@link #writes}, since this was last called. */
  List<String> takeWrites() {
    var taken = List.copyOf(writes);
    writes.clear();
    return taken;
  }

  /** Every open write, longest first. */
  List<CompletableFuture<Void>> takeOpen() {
    var taken = List.copyOf(open);
    open.clear();
    return taken;
  }

  /** The write that was opened last. */
  CompletableFuture<Void> latest() {
    return open.removeLast();
  }

  /** The longest open write. */
  CompletableFuture<Void> next() {
    return open.remove();
  }

  @Override
  public CompletionStage<Void> store(GroupPositions positions) {
    writes.add(
        new TreeMap<>(positions.offsets())
            .entrySet().stream().map(Object::toString).collect(Collectors.joining(" ")));
    var answer = new CompletableFuture<Void>();
    open.add(answer);
    return answer;
  }

  @Override
  public CompletionStage<Map<Integer, Long>> find(String topic, GroupId group) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<SortedMap<Integer, Map<Integer, Long>>> findVersions(
      String topic, String groupName) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<List<GroupPositions>> findAll() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<Void> check() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
