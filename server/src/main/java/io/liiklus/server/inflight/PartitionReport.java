package io.liiklus.server.inflight;

import io.liiklus.server.inflight.InflightMetrics.Wait;
import java.util.function.Consumer;

/**
 * What one partition reports, until it is closed. Thread-safe: written by the partition's owner and
 * read by any thread.
 */
public final class PartitionReport implements AutoCloseable {

  private final Consumer<PartitionReport> onClose;

  private volatile int unacked;
  private volatile long oldestSentNs;
  private volatile int retries;
  private volatile Wait waitsFor = Wait.NOTHING;

  PartitionReport(Consumer<PartitionReport> onClose) {
    this.onClose = onClose;
  }

  void set(int newUnacked, long newOldestSentNs, int newRetries) {
    unacked = newUnacked;
    oldestSentNs = newOldestSentNs;
    retries = newRetries;
  }

  void waitsFor(Wait reason) {
    if (waitsFor != reason) {
      waitsFor = reason;
    }
  }

  int unacked() {
    return unacked;
  }

  /** When the first record that is not acked was sent, where there is one. */
  long oldestSentNs() {
    return oldestSentNs;
  }

  int retries() {
    return retries;
  }

  Wait waitsFor() {
    return waitsFor;
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}
