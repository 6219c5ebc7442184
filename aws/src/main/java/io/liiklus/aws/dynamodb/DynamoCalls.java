package io.liiklus.aws.dynamodb;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * Calls of the port on one table: a bound on those that wait, a timeout for each request, and the
 * port's failures for the SDK's own. Thread-safe.
 *
 * <p>A request is not repeated, since an old write could then arrive behind a newer one. But one
 * whose connection closed before the answer is made again at once, within its timeout, and once:
 * servers close idle connections, and it is no older than a slow one.
 */
final class DynamoCalls {

  private final DynamoAccess access;
  private final DynamoTable table;
  private final CallCounts counts;
  private final Duration timeout;
  private final int maxPending;
  private final AtomicInteger pending;

  /**
   * @param pending calls of all tables that wait
   */
  DynamoCalls(
      DynamoAccess access,
      DynamoTable table,
      CallCounts counts,
      DynamoSettings settings,
      AtomicInteger pending) {
    this.access = access;
    this.table = table;
    this.counts = counts;
    this.timeout = settings.callTimeout();
    this.maxPending = settings.maxPendingCalls();
    this.pending = pending;
  }

  String tableName() {
    return table.name();
  }

  CallCounts counts() {
    return counts;
  }

  /** Looks for credentials and the table, before a call asks for them. */
  CompletionStage<?> begin() {
    return table.client();
  }

  /** A call of the port, of one or several requests. */
  <T> CompletionStage<T> call(Supplier<CompletionStage<T>> call) {
    if (access.isClosed()) {
      return CompletableFuture.failedFuture(DynamoAccess.closed());
    }
    if (pending.incrementAndGet() > maxPending) {
      pending.decrementAndGet();
      return CompletableFuture.failedFuture(
          new StorageException(
              Kind.EXHAUSTED,
              "dynamodb.maxPendingCalls is reached: " + maxPending + " calls wait for DynamoDB"));
    }
    return begin(call).whenComplete((answer, failure) -> pending.decrementAndGet());
  }

  private <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> call) {
    try {
      return call.get();
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(DynamoFailures.of(failure, table));
    }
  }

  /**
   * One request. Fails with a {@link StorageException}, whose cause is the SDK's failure; where the
   * request was made again, that one has the first failure as a suppressed one.
   */
  <T> CompletionStage<T> send(Function<DynamoDbAsyncClient, CompletableFuture<T>> request) {
    var answer = new CompletableFuture<T>();
    table
        .client()
        .whenComplete(
            (client, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              } else {
                attempt(client, request, answer, null);
              }
            });
    return answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (value, failure) -> {
              if (failure != null) {
                throw failed(failure);
              }
              return value;
            });
  }

  /**
   * @param before the failure of the first attempt; null: this is the first
   */
  private <T> void attempt(
      DynamoDbAsyncClient client,
      Function<DynamoDbAsyncClient, CompletableFuture<T>> request,
      CompletableFuture<T> answer,
      Throwable before) {
    CompletableFuture<T> sent;
    try {
      sent = request.apply(client);
    } catch (RuntimeException failure) {
      sent = CompletableFuture.failedFuture(failure);
    }
    var attempt = sent;
    // A write that nobody waits for any more must not land later.
    var unused = answer.whenComplete((done, failure) -> attempt.cancel(true));
    var unusedToo =
        attempt.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                answer.complete(value);
              } else if (before == null && DynamoFailures.isClosedConnection(failure)) {
                counts.onRepeated();
                attempt(client, request, answer, failure);
              } else {
                answer.completeExceptionally(withFirst(failure, before));
              }
            });
  }

  private static Throwable withFirst(Throwable failure, Throwable before) {
    var last = DynamoFailures.unwrapped(failure);
    if (before != null) {
      last.addSuppressed(before);
    }
    return last;
  }

  private StorageException failed(Throwable failure) {
    if (access.isClosed()) {
      return DynamoAccess.closed();
    }
    var cause = DynamoFailures.unwrapped(failure);
    if (DynamoFailures.isThrottled(cause)) {
      counts.onThrottled();
    }
    if (DynamoFailures.isExpired(cause)) {
      access.onExpired();
    }
    return DynamoFailures.of(cause, table);
  }
}
