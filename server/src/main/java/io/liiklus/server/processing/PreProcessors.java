package io.liiklus.server.processing;

import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.RecordToPublish;
import java.util.List;
import java.util.concurrent.Executor;

/** The pre-processors, in the order in which a record meets them. Thread-safe. */
public final class PreProcessors {

  private final List<Processor<RecordPreProcessor>> inOrder;

  PreProcessors(List<Processor<RecordPreProcessor>> inOrder) {
    this.inOrder = List.copyOf(inOrder);
  }

  /** Whether records are published as they come. */
  public boolean isEmpty() {
    return inOrder.isEmpty();
  }

  /** In their order. */
  public List<Processor<RecordPreProcessor>> all() {
    return inOrder;
  }

  /**
   * Has all of them process a record; there is at least one.
   *
   * @param loop the event loop that runs the caller, where each is called
   */
  public PreProcessing process(RecordToPublish record, Executor loop) {
    return new PreProcessing(inOrder, loop).begin(record);
  }
}
