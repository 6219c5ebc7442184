package io.liiklus.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** The user's handler, of any kind, for records that are in order. Thread-safe as that is. */
interface Handler {

  /** Records that a thread handles before others have their turn, and their acks go out. */
  int CHUNK = 100;

  /**
   * What was done with a chunk.
   *
   * @param count records that are done with, from the first on
   * @param failure of the next one; null where there is none
   */
  record Outcome(int count, Throwable failure) {}

  /** How many records it may be given at once. */
  int maxRecords();

  /** Whether it is known at which record it failed. */
  default boolean isExact() {
    return true;
  }

  /**
   * Handles records in their order, up to the first failure. Never fails itself.
   *
   * @param goesOn asked between two records
   */
  CompletionStage<Outcome> handle(List<ReceivedRecord> records, BooleanSupplier goesOn);

  static Handler of(RecordHandler handler) {
    return new Handler() {
      @Override
      public int maxRecords() {
        return CHUNK;
      }

      @Override
      public CompletionStage<Outcome> handle(List<ReceivedRecord> records, BooleanSupplier goesOn) {
        int count = 0;
        try {
          while (count < records.size() && goesOn.getAsBoolean()) {
            handler.handle(records.get(count));
            count++;
          }
          return CompletableFuture.completedStage(new Outcome(count, null));
        } catch (Exception | LinkageError | AssertionError failure) {
          return CompletableFuture.completedStage(new Outcome(count, failure));
        }
      }
    };
  }

  static Handler of(BatchHandler handler, int maxRecords) {
    return new Handler() {
      @Override
      public int maxRecords() {
        return maxRecords;
      }

      @Override
      public boolean isExact() {
        return false;
      }

      @Override
      public CompletionStage<Outcome> handle(List<ReceivedRecord> records, BooleanSupplier goesOn) {
        try {
          handler.handle(records);
          return CompletableFuture.completedStage(new Outcome(records.size(), null));
        } catch (Exception | LinkageError | AssertionError failure) {
          return CompletableFuture.completedStage(new Outcome(0, failure));
        }
      }
    };
  }

  /** A stage behind another one wraps what that has failed with. */
  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  static Handler of(AsyncHandler handler) {
    return new Handler() {
      @Override
      public int maxRecords() {
        return 1;
      }

      @Override
      public CompletionStage<Outcome> handle(List<ReceivedRecord> records, BooleanSupplier goesOn) {
        try {
          return handler
              .handle(records.get(0))
              .handle((done, failure) -> new Outcome(failure == null ? 1 : 0, cause(failure)));
        } catch (Exception | LinkageError | AssertionError failure) {
          return CompletableFuture.completedStage(new Outcome(0, failure));
        }
      }
    };
  }
}
