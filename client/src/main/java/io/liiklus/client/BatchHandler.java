package io.liiklus.client;

import java.util.List;

/** Handler of several records together. Thread-safe where several handlers may run at once. */
@FunctionalInterface
public interface BatchHandler {

  /**
   * Handles records of one partition, or of keys that share a lane; all are done with when this
   * returns.
   *
   * @throws Exception at which they come again, one by one, by the {@link RetryPolicy}
   */
  void handle(List<ReceivedRecord> records) throws Exception;
}
