package io.liiklus.api;

import java.util.concurrent.CompletionStage;

/** Changes or refuses records on their way into the log. Thread-safe. */
public interface RecordPreProcessor extends RecordProcessor {

  /**
   * The record to publish in the place of this one, or the same. Records of one connection are
   * handed over in the order of their calls, and published in it whenever the stages complete; so a
   * stage that is late holds up what its connection publishes after it, until the call's deadline.
   *
   * <p>Fails with {@link RecordRefusedException} where the record is not to be published. Every
   * other failure is a fault of the processor.
   *
   * @param record whose arrays are the processor's: it may change them
   */
  CompletionStage<RecordToPublish> preProcess(RecordToPublish record);
}
