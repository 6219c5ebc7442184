package io.liiklus.server.session;

import io.liiklus.api.GroupId;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionId;
import io.liiklus.api.PositionsStorage;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers writes when the test says so. */
final class SteppedPositions implements PositionsStorage {

  private final List<String> writes = new ArrayList<>();
  private final Queue<CompletableFuture<Void>> open = new ArrayDeque<>();

  /** What was asked to be written so far, as partition=offset. */
  List<String> writes() {
    return writes;
  }

  /** The longest open write. */
  CompletableFuture<Void> next() {
    return open.remove();
  }

  @Override
  public CompletionStage<Void> store(PositionId id, long offset) {
    writes.add(id.partition() + "=" + offset);
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
