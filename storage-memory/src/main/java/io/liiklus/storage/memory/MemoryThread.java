package io.liiklus.storage.memory;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread {@code liiklus-memory}, and the queue of its tasks. Thread-safe.
 *
 * <p>Its queue is bounded by its users: one wake-up for each open read, and the requests and
 * answers of each open subscription.
 */
final class MemoryThread {

  private static final Logger log = LoggerFactory.getLogger(MemoryThread.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          task -> {
            var thread = new Thread(task, "liiklus-memory");
            thread.setDaemon(true);
            return thread;
          });

  /** Runs the task there, later; false where the thread has ended, and the task is not run. */
  boolean post(Runnable task) {
    try {
      executor.execute(() -> run(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  void postLater(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS, this::post)
        .execute(task);
  }

  /** Runs the task in place; a failure is logged and affects no other task. */
  static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      log.error("a task of the in-memory storage failed", e);
    }
  }

  /** Runs the posted tasks and this last one, then ends. */
  void close(Runnable last) {
    post(last);
    executor.shutdown();
    try {
      if (!executor.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("the in-memory storage did not end in time, timeout={}", CLOSE_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
