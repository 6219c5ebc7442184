package io.liiklus.server.ops;

import io.liiklus.api.StorageException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic check of a storage. Logs once that it is away, and once that it is back. Thread-safe.
 */
public final class StorageWatch implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(StorageWatch.class);

  private final String storage;
  private final Supplier<CompletionStage<Void>> check;
  private volatile boolean isChecking;
  private volatile boolean isAway;

  /**
   * @param storage its name in the log
   * @param check fails while it is away
   */
  public StorageWatch(String storage, Supplier<CompletionStage<Void>> check) {
    this.storage = storage;
    this.check = check;
  }

  String storage() {
    return storage;
  }

  /** Returns whether it answered when it was last asked. */
  boolean isUp() {
    return !isAway;
  }

  /** Asks, unless the last request is still open. To be called every few seconds. */
  @Override
  public void run() {
    if (isChecking) {
      return;
    }
    isChecking = true;
    var unused =
        check
            .get()
            .whenComplete(
                (up, failure) -> {
                  tell(failure);
                  isChecking = false;
                });
  }

  private void tell(Throwable failure) {
    if (failure != null && !isAway) {
      log.warn(
          "{} storage is away, waiting for it, reason={}",
          storage,
          StorageException.of(failure).getMessage());
    } else if (failure == null && isAway) {
      log.info("{} storage is back", storage);
    }
    isAway = failure != null;
  }
}
