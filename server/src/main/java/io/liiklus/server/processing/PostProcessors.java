package io.liiklus.server.processing;

import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordPostProcessor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/** The post-processors, in the order in which a batch meets them. Thread-safe. */
public final class PostProcessors {

  private final List<Processor<RecordPostProcessor>> inOrder;
  private final Duration timeout;

  /**
   * @param timeout how long each may take for a batch
   */
  PostProcessors(List<Processor<RecordPostProcessor>> inOrder, Duration timeout) {
    this.inOrder = List.copyOf(inOrder);
    this.timeout = timeout;
  }

  /** Whether batches are delivered as they were read. */
  public boolean isEmpty() {
    return inOrder.isEmpty();
  }

  /** In their order. */
  public List<Processor<RecordPostProcessor>> all() {
    return inOrder;
  }

  Duration timeout() {
    return timeout;
  }

  /**
   * A reader whose batches are processed; the same one where nothing processes them.
   *
   * @param loop the event loop of the Receive that reads, on which each is called
   * @param isWanted whether the Receive goes on; asked on that loop
   */
  public PartitionReader reader(
      PartitionReader reader,
      String topic,
      ScheduledExecutorService loop,
      BooleanSupplier isWanted) {
    return isEmpty() ? reader : new ProcessedReader(this, reader, topic, loop, isWanted);
  }
}
