package io.liiklus.positions.redis;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Calls of the port: a bound on those that wait, the connection for each, and the port's failures
 * for Redis' own. Thread-safe.
 */
final class RedisCalls {

  private final RedisConnector connector;
  private final int maxPending;
  private final AtomicInteger pending = new AtomicInteger();

  RedisCalls(RedisConnector connector, int maxPending) {
    this.connector = connector;
    this.maxPending = maxPending;
  }

  <T> CompletionStage<T> call(Function<RedisConnection, CompletionStage<T>> call) {
    if (pending.incrementAndGet() > maxPending) {
      pending.decrementAndGet();
      return CompletableFuture.failedFuture(
          new StorageException(
              Kind.EXHAUSTED,
              "redis.maxPendingCalls is reached: " + maxPending + " calls wait for Redis"));
    }
    return begin(call).whenComplete((answer, failure) -> pending.decrementAndGet());
  }

  private <T> CompletionStage<T> begin(Function<RedisConnection, CompletionStage<T>> call) {
    RedisConnection link;
    CompletionStage<T> answer;
    try {
      link = connector.link();
      answer = call.apply(link);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(RedisFailures.of(failure));
    }
    return answer.exceptionally(
        failure -> {
          connector.onFailedCall(link, failure);
          throw connector.isClosed() ? RedisConnector.closed() : RedisFailures.of(failure);
        });
  }
}
