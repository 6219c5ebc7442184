package io.liiklus.client;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * Bounds of a publisher. Immutable.
 *
 * @param maxBatchRecords records of one request, at most
 * @param maxBatchBytes bytes of one request; a larger record is a request of its own
 * @param maxBatches requests on their way
 * @param maxRecords records that wait or are on their way
 * @param maxBytes of these records
 * @param timeout for how long a record is tried, and for how long a publish waits for room
 * @param isUnknownRetried whether a record is also sent again that may be stored: it may then be
 *     stored twice, and behind later ones of its key
 * @param callbacks runs the dependents of the futures
 */
public record PublisherOptions(
    int maxBatchRecords,
    int maxBatchBytes,
    int maxBatches,
    int maxRecords,
    long maxBytes,
    Duration timeout,
    boolean isUnknownRetried,
    Executor callbacks) {

  public static final PublisherOptions DEFAULTS =
      new PublisherOptions(
          500,
          512 << 10,
          8,
          50_000,
          64L << 20,
          Duration.ofMinutes(1),
          false,
          ForkJoinPool.commonPool());

  /** Checks the bounds. */
  public PublisherOptions {
    require("maxBatchRecords", maxBatchRecords);
    require("maxBatchBytes", maxBatchBytes);
    require("maxBatches", maxBatches);
    require("maxRecords", maxRecords);
    require("maxBytes", maxBytes);
    require("timeout", timeout.toMillis());
  }

  private static void require(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " is not allowed; from 1");
    }
  }

  public PublisherOptions withBatches(int records, int bytes, int batches) {
    return new PublisherOptions(
        records, bytes, batches, maxRecords, maxBytes, timeout, isUnknownRetried, callbacks);
  }

  public PublisherOptions withRoom(int records, long bytes) {
    return new PublisherOptions(
        maxBatchRecords,
        maxBatchBytes,
        maxBatches,
        records,
        bytes,
        timeout,
        isUnknownRetried,
        callbacks);
  }

  public PublisherOptions withTimeout(Duration time) {
    return new PublisherOptions(
        maxBatchRecords,
        maxBatchBytes,
        maxBatches,
        maxRecords,
        maxBytes,
        time,
        isUnknownRetried,
        callbacks);
  }

  /** Opts in for sending again what may be stored. */
  public PublisherOptions withUnknownRetried() {
    return new PublisherOptions(
        maxBatchRecords, maxBatchBytes, maxBatches, maxRecords, maxBytes, timeout, true, callbacks);
  }

  public PublisherOptions withCallbacks(Executor executor) {
    return new PublisherOptions(
        maxBatchRecords,
        maxBatchBytes,
        maxBatches,
        maxRecords,
        maxBytes,
        timeout,
        isUnknownRetried,
        executor);
  }
}
