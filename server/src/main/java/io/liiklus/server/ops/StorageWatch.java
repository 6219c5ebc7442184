package io.liiklus.server.ops;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periodic check of a storage. Logs once that it is away, and once that it is back; a storage that
 * does not answer the check at all is away too. Thread-safe.
 */
public final class StorageWatch implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(StorageWatch.class);

  /** Time that a storage has to answer. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String storage;
  private final Supplier<CompletionStage<Void>> check;
  private final LongSupplier nanoTime;
  private volatile boolean isChecking;
  private volatile long askedNs;
  private volatile boolean isAway;

  /**
   * @param storage its name in the log
   * @param check fails while it is away
   */
  public StorageWatch(String storage, Supplier<CompletionStage<Void>> check) {
    this(storage, check, System::nanoTime);
  }

  StorageWatch(String storage, Supplier<CompletionStage<Void>> check, LongSupplier nanoTime) {
    this.storage = storage;
    this.check = check;
    this.nanoTime = nanoTime;
  }

  public String storage() {
    return storage;
  }

  /** Returns whether it answered when it was last asked. */
  boolean isUp() {
    return !isAway;
  }

  /** Asks, unless the last request is still open. To be called every few seconds. */
  @Override
  public void run() {
    long nowNs = nanoTime.getAsLong();
    if (isChecking) {
      if (nowNs - askedNs >= PATIENCE.toNanos()) {
        onAnswer(
            new StorageException(Kind.UNAVAILABLE, "no answer for " + PATIENCE.toSeconds() + " s"));
      }
      return;
    }
    askedNs = nowNs;
    isChecking = true;
    var unused =
        ask()
            .whenComplete(
                (up, failure) -> {
                  isChecking = false;
                  onAnswer(failure);
                });
  }

  /** An exception that is thrown is a failure like any other. */
  private CompletionStage<Void> ask() {
    try {
      return check.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedStage(failure);
    }
  }

  private synchronized void onAnswer(Throwable failure) {
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
