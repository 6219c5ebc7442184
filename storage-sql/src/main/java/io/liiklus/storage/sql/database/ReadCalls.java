package io.liiklus.storage.sql.database;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Queries, on threads of their own or on the caller's. Thread-safe. */
final class ReadCalls {

  /** Past it a query fails at once. */
  private static final int MAX_WAITING = 10_000;

  private final Connections connections;
  private final Duration timeout;
  private final ThreadPoolExecutor threads;

  /**
   * @param timeout of a query, with the time that it waits
   */
  ReadCalls(Connections connections, int threads, Duration timeout) {
    this.connections = connections;
    this.timeout = timeout;
    var number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            threads,
            threads,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> {
              var thread = new Thread(task, "liiklus-sql-read-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Does not block. */
  <T> CompletionStage<T> ask(SqlQuery<T> query) {
    var answer = new CompletableFuture<T>();
    try {
      threads.execute(() -> run(query, answer));
    } catch (RejectedExecutionException full) {
      return CompletableFuture.failedStage(
          threads.isShutdown()
              ? SqlDatabase.closed()
              : new StorageException(
                  Kind.EXHAUSTED, "more than " + MAX_WAITING + " queries wait for the database"));
    }
    return answer
        .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(failure -> CompletableFuture.failedStage(onTimeout(failure)));
  }

  private static Throwable onTimeout(Throwable failure) {
    return failure instanceof TimeoutException
        ? new StorageException(Kind.UNAVAILABLE, "the database did not answer in time")
        : failure;
  }

  private <T> void run(SqlQuery<T> query, CompletableFuture<T> answer) {
    if (answer.isDone()) {
      return;
    }
    try {
      answer.complete(askNow(query));
    } catch (StorageException failure) {
      answer.completeExceptionally(failure);
    } catch (Throwable fault) {
      answer.completeExceptionally(SqlFailures.of(fault));
    }
  }

  /** Blocks until it is answered, within the bounds of the connection. */
  <T> T askNow(SqlQuery<T> query) {
    Connection connection = null;
    boolean isBroken = false;
    try {
      connection = connections.reader();
      return query.run(connection);
    } catch (SQLException failure) {
      var mapped = SqlFailures.of(failure);
      isBroken = mapped.kind() == Kind.UNAVAILABLE;
      throw mapped;
    } finally {
      if (connection != null) {
        connections.giveBack(connection, isBroken);
      }
    }
  }

  void close() {
    threads.shutdownNow();
  }
}
