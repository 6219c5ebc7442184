package io.liiklus.server.grpc.publish;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Answer to something that waits for its turn: later that of what is begun then. Confined to the
 * connection's event loop, but that it completes on any thread.
 */
abstract class WaitingAnswer<A> extends CompletableFuture<A> {

  private final long deadlineNs;

  /**
   * The answer to something that begins to wait.
   *
   * @param patience how long the caller waits, from now on
   */
  WaitingAnswer(Duration patience) {
    this.deadlineNs = System.nanoTime() + patience.toNanos();
  }

  /** How long the caller still waits. */
  final Duration patience() {
    return Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime()));
  }

  /** Completes as the stage does. */
  final void completeAs(CompletionStage<A> begun) {
    var unused =
        begun.whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                complete(answer);
              } else {
                completeExceptionally(failure);
              }
            });
  }
}
