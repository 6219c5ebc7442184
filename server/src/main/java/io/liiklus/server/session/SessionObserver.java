package io.liiklus.server.session;

import io.liiklus.api.StorageException;

/** Is told what becomes of a session, on a thread of the storage; must not block. */
public interface SessionObserver {

  void onAssigned(int partition);

  /** The session ended by itself. */
  void onFailed(StorageException failure);
}
