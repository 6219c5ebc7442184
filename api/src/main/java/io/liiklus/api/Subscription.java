package io.liiklus.api;

import java.util.concurrent.CompletionStage;

/** Membership in a group, as long as it is open. Thread-safe. */
public interface Subscription {

  /**
   * Leaves the group. Open reads fail with {@link StorageException.Kind#CLOSED}. After this the
   * listener is notified only by {@link SubscriptionListener#onRevoked}, of the partitions that are
   * still assigned.
   *
   * @return completes when the group was left, or the storage's bound on that is reached
   */
  CompletionStage<Void> close();
}
