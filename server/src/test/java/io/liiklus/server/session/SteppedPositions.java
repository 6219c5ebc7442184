package io.liiklus.server.session;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.PartialPositions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Answers writes when the test says so. */
final class SteppedPositions extends PartialPositions {

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
}
