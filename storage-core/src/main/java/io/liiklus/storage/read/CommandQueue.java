package io.liiklus.storage.read;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * Commands and timers of a loop that one thread at a time turns. Thread-safe.
 *
 * <p>Bounded by the partitions that it serves: an assigned partition has one look-up, one seek and
 * one change of its source under way, and a reader passes over records no faster than it fetches.
 *
 * <p>Threads: {@link #post} and {@link #wake} from any; the rest from the one that turns the loop.
 */
public final class CommandQueue implements Commands {

  private record Delayed(long dueNs, Runnable task) {}

  private final LongSupplier clockNs;
  private final Runnable wakeup;

  // Any thread.
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private volatile boolean isPolling;
  private volatile boolean isWoken;

  // The loop only.
  private final PriorityQueue<Delayed> delayed =
      new PriorityQueue<>(Comparator.comparingLong(Delayed::dueNs));

  /**
   * @param wakeup ends the wait for the next round
   */
  public CommandQueue(LongSupplier clockNs, Runnable wakeup) {
    this.clockNs = clockNs;
    this.wakeup = wakeup;
  }

  @Override
  public void post(Runnable task) {
    posted.add(task);
    wake();
  }

  /** Ends the wait of the loop, so that its next round begins. */
  public void wake() {
    isWoken = true;
    if (isPolling) {
      wakeup.run();
    }
  }

  @Override
  public void postDelayed(long delayNs, Runnable task) {
    delayed.add(new Delayed(clockNs.getAsLong() + delayNs, task));
  }

  public void runDue() {
    // Cleared first: a task posted from here on ends the next poll.
    isWoken = false;
    for (var task = posted.poll(); task != null; task = posted.poll()) {
      task.run();
    }
    long nowNs = clockNs.getAsLong();
    while (!delayed.isEmpty() && delayed.peek().dueNs() - nowNs <= 0) {
      delayed.remove().task().run();
    }
  }

  /** The longest time of the next poll; 0 where a command is waiting already. */
  public long beginPoll(long longestNs) {
    isPolling = true;
    if (isWoken) {
      return 0;
    }
    if (delayed.isEmpty()) {
      return longestNs;
    }
    long untilDueNs = delayed.peek().dueNs() - clockNs.getAsLong();
    return Math.max(0, Math.min(longestNs, untilDueNs));
  }

  public void endPoll() {
    isPolling = false;
  }
}
