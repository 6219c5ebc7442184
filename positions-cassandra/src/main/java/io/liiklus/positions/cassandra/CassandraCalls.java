package io.liiklus.positions.cassandra;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Calls of the port: a bound on those that wait, the session for each, and the port's failures for
 * the driver's. Thread-safe.
 */
final class CassandraCalls {

  private final CassandraConnector connector;
  private final int maxPending;
  private final AtomicInteger pending = new AtomicInteger();

  CassandraCalls(CassandraConnector connector, int maxPending) {
    this.connector = connector;
    this.maxPending = maxPending;
  }

  <T> CompletionStage<T> call(Function<OpenSession, CompletionStage<T>> call) {
    if (pending.incrementAndGet() > maxPending) {
      pending.decrementAndGet();
      return CompletableFuture.failedFuture(
          new StorageException(
              Kind.EXHAUSTED,
              "cassandra.maxPendingCalls is reached: " + maxPending + " calls wait for Cassandra"));
    }
    return begin(call).whenComplete((answer, failure) -> pending.decrementAndGet());
  }

  private <T> CompletionStage<T> begin(Function<OpenSession, CompletionStage<T>> call) {
    CompletionStage<T> answer;
    try {
      answer = call.apply(connector.session());
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(CassandraFailures.of(failure));
    }
    return answer.exceptionally(
        failure -> {
          throw connector.isClosed() ? CassandraConnector.closed() : CassandraFailures.of(failure);
        });
  }
}
