package io.liiklus.storage.kafka;

import org.apache.kafka.common.KafkaException;

/**
 * Owns fetchers whose logs are read without trouble: any is a fault, unless a test overrides it.
 */
class NoTrouble implements PartitionFetcher.Owner {

  @Override
  public void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt) {
    throw new AssertionError("out of range at " + offset);
  }

  @Override
  public boolean onUnreadable(
      PartitionFetcher fetcher, long generation, long offset, KafkaException failure) {
    throw new AssertionError("unreadable at " + offset, failure);
  }

  @Override
  public void onMachineFault(PartitionFetcher fetcher, long generation) {
    throw new AssertionError("a fault of the machine");
  }

  @Override
  public void onRefused(KafkaException failure) {
    throw new AssertionError(failure);
  }
}
