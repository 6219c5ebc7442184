package io.liiklus.storage.read;

/** Access to a loop that runs tasks one at a time. Thread-safe, as far as each method says. */
public interface Commands {

  /** Has the loop run the task soon. Any thread. */
  void post(Runnable task);

  /** Has the loop run the task once the delay is over. Loop only. */
  void postDelayed(long delayNs, Runnable task);
}
