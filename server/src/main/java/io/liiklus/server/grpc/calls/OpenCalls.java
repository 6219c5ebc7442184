package io.liiklus.server.grpc.calls;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Unary calls without an answer, so that the end of the process can answer them. The set of each
 * event loop is confined to it. Thread-safe.
 */
final class OpenCalls {

  private final Map<EventLoop, Set<UnaryCall<?, ?>>> calls = new HashMap<>();

  OpenCalls(List<EventLoop> loops) {
    loops.forEach(loop -> calls.put(loop, new HashSet<>()));
  }

  /** On this loop. */
  void add(EventLoop loop, UnaryCall<?, ?> call) {
    calls.get(loop).add(call);
  }

  /** On this loop. */
  void remove(EventLoop loop, UnaryCall<?, ?> call) {
    calls.get(loop).remove(call);
  }

  /** Any thread: answers all waiting calls, and returns when that is done. */
  void drain() {
    var drains =
        calls.entrySet().stream()
            .map(
                ofLoop ->
                    CompletableFuture.runAsync(
                        () -> List.copyOf(ofLoop.getValue()).forEach(UnaryCall::drain),
                        ofLoop.getKey()))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(drains).join();
  }
}
