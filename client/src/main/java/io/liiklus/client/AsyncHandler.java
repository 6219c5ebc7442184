package io.liiklus.client;

import java.util.concurrent.CompletionStage;

/** Handler that waits for something else. Thread-safe where several handlers may run at once. */
@FunctionalInterface
public interface AsyncHandler {

  /**
   * Begins to handle the record.
   *
   * @return completes when the record is done with; at a failure it comes again, by the {@link
   *     RetryPolicy}
   * @throws Exception which is such a failure, too
   */
  CompletionStage<?> handle(ReceivedRecord record) throws Exception;
}
