package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.SubscriptionListener.SkipReason;

/**
 * Where reading goes on that was to go on at some offset. Immutable.
 *
 * @param reason null where nothing is skipped
 * @param records how many of them nobody was told of; 0 where nothing is skipped
 */
record Resumption(long offset, SkipReason reason, long records) {

  /**
   * @param toldLostBelow up to which offset losses were told already
   */
  static Resumption at(long wanted, OffsetRange range, long toldLostBelow) {
    if (range.canResumeAt(wanted)) {
      return new Resumption(wanted, null, 0);
    }
    if (wanted > range.end()) {
      return new Resumption(range.start(), SkipReason.TRUNCATION, 0);
    }
    long lost = range.start() - Math.max(wanted, toldLostBelow);
    return lost > 0
        ? new Resumption(range.start(), SkipReason.RETENTION, lost)
        : new Resumption(range.start(), null, 0);
  }
}
