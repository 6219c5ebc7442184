package io.liiklus.storage.kafka;

import java.time.Duration;

/**
 * Whether a group that catches up falls further behind. Confined to the catch-up reader that has
 * the group's partition.
 */
final class LagTrend {

  /** Records come in bursts, so it is only told over some time. */
  static final Duration SPAN = Duration.ofSeconds(1);

  private boolean isKnown;
  private long generation;
  private long lag;
  private long sinceNs;

  /**
   * Whether a lag, which is a number of records, has grown since a while ago.
   *
   * @param ofGeneration the seek that reading goes on behind, which may have gone back
   */
  boolean hasGrown(long ofGeneration, long now, long nowNs) {
    isKnown &= ofGeneration == generation;
    if (isKnown && nowNs - sinceNs < SPAN.toNanos()) {
      return false;
    }
    boolean hasGrown = isKnown && now > lag;
    isKnown = true;
    generation = ofGeneration;
    lag = now;
    sinceNs = nowNs;
    return hasGrown;
  }

  /** Its client does not take what it gets: that it falls behind is no fault of reading. */
  void forget() {
    isKnown = false;
  }
}
