package io.liiklus.server.runtime;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repetition of tasks on one thread of their own. A task that fails is logged and runs again: an
 * executor by itself would drop it without a word. Thread-safe.
 */
public final class PeriodicTasks implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(PeriodicTasks.class);

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(PeriodicTasks::thread);

  /**
   * Runs a task again and again, first after this delay. It must not block.
   *
   * @param name what the log calls it
   */
  public void every(Duration delay, String name, Runnable task) {
    var warnings = new WarnLimit();
    Runnable guarded = () -> run(name, task, warnings);
    long delayNs = delay.toNanos();
    var unused = timer.scheduleWithFixedDelay(guarded, delayNs, delayNs, TimeUnit.NANOSECONDS);
  }

  private static void run(String name, Runnable task, WarnLimit warnings) {
    try {
      task.run();
    } catch (RuntimeException | Error failure) {
      if (warnings.permits()) {
        log.error(
            "a periodic task failed, it runs again, task={} (logged once a minute)", name, failure);
      }
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "liiklus-periodic");
    thread.setDaemon(true);
    return thread;
  }
}
