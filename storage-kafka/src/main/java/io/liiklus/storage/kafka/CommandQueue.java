package io.liiklus.storage.kafka;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongSupplier;

/**
 * What others leave for a loop to do, which is turned by one thread at a time. Thread-safe.
 *
 * <p>Bounded by what it serves: an assigned partition has one look-up under way and one change of
 * who reads it, and a reader tells of what it passes over no faster than it fetches.
 *
 * <p>Threads: {@link #post} and {@link #wake} from any; the rest from the one that turns the loop.
 */
final class CommandQueue {

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
  CommandQueue(LongSupplier clockNs, Runnable wakeup) {
    this.clockNs = clockNs;
    this.wakeup = wakeup;
  }

  void post(Runnable task) {
    posted.add(task);
    wake();
  }

  /** Gets the loop to begin its next round, in which it looks at everything anew. */
  void wake() {
    isWoken = true;
    if (isPolling) {
      wakeup.run();
    }
  }

  void postDelayed(long delayNs, Runnable task) {
    delayed.add(new Delayed(clockNs.getAsLong() + delayNs, task));
  }

  void runDue() {
    // Cleared first: what is posted from here on ends the next poll.
    isWoken = false;
    for (var task = posted.poll(); task != null; task = posted.poll()) {
      task.run();
    }
    long nowNs = clockNs.getAsLong();
    while (!delayed.isEmpty() && delayed.peek().dueNs() - nowNs <= 0) {
      delayed.remove().task().run();
    }
  }

  /** How long a poll may take now; 0 where something is waiting already. */
  long beginPoll(long longestNs) {
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

  void endPoll() {
    isPolling = false;
  }
}
