package io.liiklus.positions.redis;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeper of a complete index: scans when a connection opens and every {@code redis.rescan} after
 * that, since the original and older releases write no index. Reading waits until the first scan
 * has ended. Thread-safe.
 */
final class IndexKeeper {

  private static final Logger log = LoggerFactory.getLogger(IndexKeeper.class);

  /** After a scan that failed, on a connection that is still open. */
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final RedisSettings settings;
  private final PositionKeys keys;
  private final ForeignKeys odd;

  /** Outcome of the first scan, or of its current attempt. */
  private volatile CompletableFuture<Void> firstScan =
      CompletableFuture.failedFuture(
          new StorageException(Kind.UNAVAILABLE, "not connected to Redis yet"));

  /** Why the last scan failed; null where it did not. */
  private volatile StorageException lastFailure;

  IndexKeeper(RedisSettings settings, PositionKeys keys, ForeignKeys odd) {
    this.settings = settings;
    this.keys = keys;
    this.odd = odd;
  }

  /** Completes when the index can be read; fails where that takes too long. */
  CompletionStage<Void> complete() {
    var scan = firstScan;
    if (scan.isDone()) {
      return scan;
    }
    return scan.copy()
        .orTimeout(settings.commandTimeout().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              throw RedisFailures.isTimeout(failure)
                  ? new StorageException(
                      Kind.UNAVAILABLE, "the keys of Redis are still being looked through")
                  : RedisFailures.of(failure);
            });
  }

  /**
   * Checks that Redis lets the gateway scan and read its keys, as of the last scan.
   *
   * @throws StorageException with its refusal
   */
  void requireAllowed() {
    var failure = lastFailure;
    if (failure != null && failure.kind() != Kind.UNAVAILABLE) {
      throw new StorageException(failure.kind(), failure.getMessage(), failure.getCause());
    }
  }

  void onOpen(RedisConnector connector, RedisConnection link) {
    scan(connector, link, nextAttempt());
  }

  /** The future that readers wait for from now on, unless a scan has ended before. */
  private CompletableFuture<Void> nextAttempt() {
    var attempt = new CompletableFuture<Void>();
    if (!isComplete()) {
      firstScan = attempt;
    }
    return attempt;
  }

  private boolean isComplete() {
    return firstScan.isDone() && !firstScan.isCompletedExceptionally();
  }

  private void scan(
      RedisConnector connector, RedisConnection link, CompletableFuture<Void> attempt) {
    long startNs = System.nanoTime();
    new IndexScan(link, keys, odd)
        .run()
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                lastFailure = null;
                firstScan = attempt;
                attempt.complete(null);
                log.debug(
                    "keys of Redis looked through, ms={}",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs));
              } else {
                onFailed(attempt, RedisRights.advised(RedisFailures.of(failure), keys));
              }
              connector.later(
                  failure == null ? settings.rescan() : RETRY, () -> again(connector, link));
            });
  }

  private void onFailed(CompletableFuture<Void> attempt, StorageException failure) {
    var last = lastFailure;
    lastFailure = failure;
    if (last != null && failure.getMessage().equals(last.getMessage())) {
      log.debug("keys of Redis not looked through, reason={}", failure.getMessage());
    } else {
      log.warn("keys of Redis not looked through, reason={} (logged once)", failure.getMessage());
    }
    attempt.completeExceptionally(failure);
  }

  private void again(RedisConnector connector, RedisConnection link) {
    if (connector.isCurrent(link)) {
      scan(connector, link, nextAttempt());
    }
  }
}
