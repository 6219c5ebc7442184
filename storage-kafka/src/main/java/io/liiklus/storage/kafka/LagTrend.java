package io.liiklus.storage.kafka;

import java.time.Duration;

/** Whether a group that catches up falls further behind. Thread-safe. */
final class LagTrend {

  /** Records come in bursts, so it is only told over some time. */
  static final Duration SPAN = Duration.ofSeconds(1);

  private boolean isKnown;
  private long generation;
  private long lag;
  private long sinceNs;

  /**
   * A poll has told the lag, as a number of records.
   *
   * @param ofGeneration of the hand-off, for which the poll was: a seek may have come since, and
   *     what was told before it is not for comparing with what is told behind it
   * @return since when it has grown, in nanoseconds until now; 0 where it has not, or not for long
   */
  synchronized long grownForNs(long ofGeneration, long now, long nowNs) {
    long forNs = nowNs - sinceNs;
    boolean isComparable = isKnown && ofGeneration == generation;
    if (isComparable && forNs < SPAN.toNanos()) {
      return 0;
    }
    boolean hasGrown = isComparable && now > lag;
    isKnown = true;
    generation = ofGeneration;
    lag = now;
    sinceNs = nowNs;
    return hasGrown ? forNs : 0;
  }

  /** Whatever it was, it tells nothing of what comes. */
  synchronized void forget() {
    isKnown = false;
  }
}
