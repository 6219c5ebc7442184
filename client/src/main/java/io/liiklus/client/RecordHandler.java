package io.liiklus.client;

/** Handler of one record after the other. Thread-safe where several handlers may run at once. */
@FunctionalInterface
public interface RecordHandler {

  /**
   * Handles the record, which is done with when this returns.
   *
   * @throws Exception at which the record comes again, by the {@link RetryPolicy}
   */
  void handle(ReceivedRecord record) throws Exception;
}
