package io.liiklus.storage.memory;

import io.liiklus.api.StorageException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** What became of stages that are complete when they are returned. */
final class Failures {

  private Failures() {}

  /** Null where the stage did not fail. */
  static StorageException.Kind kindOf(CompletionStage<?> stage) {
    try {
      stage.toCompletableFuture().getNow(null);
      return null;
    } catch (CompletionException e) {
      return StorageException.of(e).kind();
    }
  }
}
