package io.liiklus.cli.records;

import io.liiklus.cli.Terminal;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Tasks that threads of the storages leave to the command's. Confined to the command, but for
 * {@link #post}. Bounded by the records on their way and the partitions that are read.
 */
final class CopyTasks {

  /** How long the command waits for a task before it looks after itself. */
  private static final long TURN_MS = 50;

  /** Tasks of one turn. */
  private static final int MAX_TASKS = 1000;

  /** Time to be answered by the target, and to leave the group, once it ends by a failure. */
  private static final Duration END = Duration.ofSeconds(10);

  /** The same after a signal, whose handler waits for no longer. */
  private static final Duration END_OF_SIGNAL = Duration.ofSeconds(1);

  private final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
  private final Terminal terminal;

  CopyTasks(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Any thread. */
  void post(Runnable task) {
    tasks.add(task);
  }

  /** Waits for a task for a moment, and runs those that are there. */
  void runSome() throws InterruptedException {
    var task = tasks.poll(TURN_MS, TimeUnit.MILLISECONDS);
    for (int i = 0; task != null && i < MAX_TASKS; i++) {
      task.run();
      task = i + 1 < MAX_TASKS ? tasks.poll() : null;
    }
  }

  boolean isInterrupted() {
    return terminal.interruption().isDone();
  }

  Duration patienceOfEnd() {
    return isInterrupted() ? END_OF_SIGNAL : END;
  }

  /** Waits until the group was left, within a bound. */
  void awaitClose(CompletionStage<Void> left) throws InterruptedException {
    try {
      left.toCompletableFuture().get(patienceOfEnd().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException notLeft) {
      // The source notices by itself that the member is gone.
    }
  }
}
