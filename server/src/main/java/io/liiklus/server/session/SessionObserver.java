package io.liiklus.server.session;

import io.liiklus.api.StorageException;
import io.liiklus.server.security.Principal;

/**
 * Observer of a session's assignments and its end. Called on a thread of the storage; must not
 * block. Thread-safe.
 */
public interface SessionObserver {

  /** Who opened the session. */
  Principal owner();

  void onAssigned(int partition);

  /** The session ended by itself. */
  void onFailed(StorageException failure);
}
