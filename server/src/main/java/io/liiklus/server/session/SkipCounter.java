package io.liiklus.server.session;

import io.liiklus.api.PositionId;
import io.liiklus.api.SubscriptionListener.SkipReason;

/** Counter of the records that readers passed over. Thread-safe. */
public interface SkipCounter {

  /**
   * @param id the group and partition that missed them
   * @param records how many records are gone; 0 for a truncation, negative where it is not known
   */
  void onSkipped(PositionId id, SkipReason reason, long records);
}
