package io.liiklus.storage.read;

import io.liiklus.api.StorageException;

/** Listener of fetchers whose logs have no trouble: any is a fault, unless a test overrides it. */
class NoTrouble implements FetchListener {

  @Override
  public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
    throw new AssertionError("out of range at " + offset);
  }

  @Override
  public void onTailOutOfRange(PartitionFetcher fetcher, long generation) {
    throw new AssertionError("out of range at the end");
  }

  @Override
  public boolean onUnreadable(
      PartitionFetcher fetcher, long generation, long offset, String reason) {
    throw new AssertionError("unreadable at " + offset + ": " + reason);
  }

  @Override
  public void onMachineFault(PartitionFetcher fetcher, long generation) {
    throw new AssertionError("a fault of the machine");
  }

  @Override
  public void onRefused(StorageException reason) {
    throw new AssertionError(reason);
  }
}
