package io.liiklus.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Wait for the end of a run, in the command's thread. Immutable. */
final class Outcome {

  private Outcome() {}

  static long await(CompletableFuture<Long> outcome) throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof CliException reason) {
        throw reason;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }
}
