package io.liiklus.storage.read;

/**
 * The least lag of a group that catches up on a partition, since it began to, since the last seek,
 * or since its client last let the prefetch fill up. Until the group comes closer to the end than
 * that, it reads without a rest, so it comes closer with each rest. Thread-safe.
 */
final class CatchUpLag {

  private long generation;
  private long least = Long.MAX_VALUE;

  /** Catching up begins for a seek of this generation. */
  synchronized void begin(long ofGeneration) {
    generation = ofGeneration;
    least = Long.MAX_VALUE;
  }

  /**
   * Whether the group is closer to the end than it ever was. A seek that came since makes the lag
   * no one for comparing.
   *
   * @param lag in records
   */
  synchronized boolean isGaining(FetchTask task, long lag) {
    if (task.generation() != generation) {
      return true;
    }
    boolean isGaining = lag < least;
    least = Math.min(least, lag);
    return isGaining;
  }

  /** The client does not take its records, which is no fault of reading. */
  synchronized void onFull() {
    least = Long.MAX_VALUE;
  }
}
