package io.liiklus.storage.group;

import io.liiklus.storage.read.CommandQueue;
import io.liiklus.storage.read.Commands;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Thread {@code liiklus-groups}, which owns the groups of a storage, their members and the calls of
 * their listeners. Confined to its thread, but for {@link #post} and {@link #close}.
 */
final class GroupLoop implements Runnable, Commands {

  private static final Logger log = LoggerFactory.getLogger(GroupLoop.class);

  /** The longest wait; a command ends it. */
  private static final long WAIT_NS = 1_000_000_000;

  private final CommandQueue commands =
      new CommandQueue(System::nanoTime, () -> LockSupport.unpark(thread()));

  private final Thread thread = new Thread(this, "liiklus-groups");
  private volatile boolean isClosed;

  private Thread thread() {
    return thread;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void post(Runnable task) {
    commands.post(task);
  }

  @Override
  public void postDelayed(long delayNs, Runnable task) {
    commands.postDelayed(delayNs, task);
  }

  @Override
  public void run() {
    while (!isClosed) {
      try {
        commands.runDue();
        LockSupport.parkNanos(commands.beginPoll(WAIT_NS));
      } catch (RuntimeException | Error fault) {
        log.error("a task of the groups failed by a fault of the gateway", fault);
      } finally {
        commands.endPoll();
      }
    }
  }

  /** Ends the thread; any thread. Returns once it has ended, or the bound is reached. */
  void close(Duration longest) {
    isClosed = true;
    commands.wake();
    try {
      thread.join(longest.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
