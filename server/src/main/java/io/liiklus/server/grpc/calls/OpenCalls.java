package io.liiklus.server.grpc.calls;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Unary calls without an answer, and streams of publishes, so that the end of the process can
 * answer them. The set of each event loop is confined to it. Thread-safe.
 */
final class OpenCalls {

  /** A call that clients wait for the answers of. Confined to its event loop. */
  interface OpenCall {

    /** The gateway takes no new work. */
    void onDrain();

    /** The process ends: the call is answered as far as that is known. */
    void endWaiting();
  }

  private final Map<EventLoop, Set<OpenCall>> calls = new HashMap<>();

  OpenCalls(List<EventLoop> loops) {
    loops.forEach(loop -> calls.put(loop, new HashSet<>()));
  }

  /** On this loop. */
  void add(EventLoop loop, OpenCall call) {
    calls.get(loop).add(call);
  }

  /** On this loop. */
  void remove(EventLoop loop, OpenCall call) {
    calls.get(loop).remove(call);
  }

  /** Any thread: notifies all calls that no new work is taken. */
  void beginDrain() {
    calls.forEach(
        (loop, ofLoop) -> loop.execute(() -> List.copyOf(ofLoop).forEach(OpenCall::onDrain)));
  }

  /** Any thread: answers all waiting calls, and returns when that is done. */
  void endWaiting() {
    var drains =
        calls.entrySet().stream()
            .map(
                ofLoop ->
                    CompletableFuture.runAsync(
                        () -> List.copyOf(ofLoop.getValue()).forEach(OpenCall::endWaiting),
                        ofLoop.getKey()))
            .toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(drains).join();
  }
}
