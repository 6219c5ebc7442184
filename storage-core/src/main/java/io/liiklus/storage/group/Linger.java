package io.liiklus.storage.group;

import java.util.function.LongSupplier;

/**
 * How long a gateway looks at a group that its last member has left. A write of its own whose
 * outcome is unknown may still take effect, and make a member of one that has left: whoever looks
 * no more would never take it out. So the last look has begun a session timeout after the group was
 * first seen without this gateway, and has come back. Confined to the groups' loop.
 */
final class Linger {

  private final LongSupplier clockNs;
  private final long longestNs;
  private long askedNs;
  private boolean isLeft;
  private long leftNs;
  private boolean isOver;

  /**
   * @param longestNs bound for a write of unknown outcome to take effect
   */
  Linger(LongSupplier clockNs, long longestNs) {
    this.clockNs = clockNs;
    this.longestNs = longestNs;
  }

  /** A look begins. */
  void onAsked() {
    askedNs = clockNs.getAsLong();
  }

  /** The look has come back, and found nothing of this gateway. */
  void onLeft() {
    if (!isLeft) {
      isLeft = true;
      leftNs = clockNs.getAsLong();
    } else {
      isOver = askedNs - leftNs >= longestNs;
    }
  }

  /** The gateway has members in the group, or is named by it. */
  void onNeeded() {
    isLeft = false;
    isOver = false;
  }

  boolean isOver() {
    return isOver;
  }
}
