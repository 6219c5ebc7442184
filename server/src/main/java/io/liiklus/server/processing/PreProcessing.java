package io.liiklus.server.processing;

import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.RecordToPublish;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * One record on its way through the pre-processors. Completes with what is to be published, or
 * fails with a {@link ProcessorException}. Confined to the event loop of its call; stages that
 * complete elsewhere are brought there.
 */
public final class PreProcessing extends CompletableFuture<RecordToPublish> {

  private final List<Processor<RecordPreProcessor>> processors;
  private final Executor loop;

  /** Number of processors that were called. */
  private int called;

  PreProcessing(List<Processor<RecordPreProcessor>> processors, Executor loop) {
    this.processors = processors;
    this.loop = loop;
  }

  /** The processor that has the record, or had it last. */
  public Processor<RecordPreProcessor> current() {
    return processors.get(called - 1);
  }

  PreProcessing begin(RecordToPublish record) {
    callNext(record);
    return this;
  }

  private void callNext(RecordToPublish record) {
    var next = record;
    while (next != null && called < processors.size()) {
      var given = next;
      called++;
      var answer = current().<RecordToPublish>call(processor -> processor.preProcess(given));
      if (!answer.isDone()) {
        var unused = answer.whenCompleteAsync(this::onAnswer, loop);
        return;
      }
      next = answer.handle(this::checked).join();
    }
    if (next != null) {
      complete(next);
    }
  }

  private void onAnswer(RecordToPublish processed, Throwable failure) {
    var next = checked(processed, failure);
    if (next != null) {
      callNext(next);
    }
  }

  /** Null where that was the end of the record. */
  private RecordToPublish checked(RecordToPublish processed, Throwable failure) {
    if (failure != null) {
      completeExceptionally(current().failure(failure));
    } else if (processed == null) {
      completeExceptionally(current().failure(new NullPointerException("no record came back")));
    }
    return processed;
  }
}
