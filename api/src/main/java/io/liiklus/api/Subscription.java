package io.liiklus.api;

import java.util.concurrent.CompletionStage;

/** A member of a group, as long as it is open. Thread-safe. */
public interface Subscription {

  /**
   * Leaves the group. Open reads fail with {@link StorageException.Kind#CLOSED}. The listener is
   * told of nothing after this but {@link SubscriptionListener#onRevoked}, for what it still holds.
   *
   * @return completes when the group was left, or the storage's bound on that is reached
   */
  CompletionStage<Void> close();
}
