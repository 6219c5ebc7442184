package io.liiklus.server.session;

import io.liiklus.api.StorageException;

/**
 * Observer of a session's assignments and its end. Called on a thread of the storage; must not
 * block. Thread-safe.
 */
public interface SessionObserver {

  void onAssigned(int partition);

  /** The session ended by itself. */
  void onFailed(StorageException failure);
}
