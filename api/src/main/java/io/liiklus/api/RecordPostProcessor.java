package io.liiklus.api;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Changes or drops records on their way to a client. Thread-safe. */
public interface RecordPostProcessor extends RecordProcessor {

  /**
   * The batch to deliver in the place of this one, or the same; empty where all its records are
   * dropped. Records may be dropped and changed ({@link BatchEditor}), but keep their offsets: they
   * are what clients acknowledge and resume at. Every {@code Receive} hands over its batches one at
   * a time, in order.
   *
   * <p>The same batch is best returned as it is: other groups may share it, with what was made of
   * it. Its buffers are never written to. Any failure is a fault of the processor.
   */
  CompletionStage<Optional<RecordBatch>> postProcess(
      String topic, int partition, RecordBatch batch);
}
