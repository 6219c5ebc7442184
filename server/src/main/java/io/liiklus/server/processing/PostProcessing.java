package io.liiklus.server.processing;

import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordPostProcessor;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One batch on its way through the post-processors. Completes with what is left of it, or fails
 * with a {@link ProcessorException}. Confined to the event loop of its Receive; stages that
 * complete elsewhere are brought there.
 */
final class PostProcessing extends CompletableFuture<Optional<RecordBatch>> {

  private final PostProcessors processors;
  private final String topic;
  private final int partition;
  private final ScheduledExecutorService loop;

  /** Number of processors that were called. */
  private int called;

  /** What the last of them was given. */
  private RecordBatch given;

  /** Null while none is waited for. */
  private ScheduledFuture<?> timer;

  PostProcessing(
      PostProcessors processors, String topic, int partition, ScheduledExecutorService loop) {
    this.processors = processors;
    this.topic = topic;
    this.partition = partition;
    this.loop = loop;
  }

  private Processor<RecordPostProcessor> current() {
    return processors.all().get(called - 1);
  }

  PostProcessing begin(RecordBatch batch) {
    given = batch;
    callNext();
    return this;
  }

  private void callNext() {
    while (!isDone() && called < processors.all().size()) {
      called++;
      var answer =
          current().<Optional<RecordBatch>>call(port -> port.postProcess(topic, partition, given));
      if (!answer.isDone()) {
        long timeoutNs = processors.timeout().toNanos();
        timer = loop.schedule(this::onTimeout, timeoutNs, TimeUnit.NANOSECONDS);
        var unused = answer.whenCompleteAsync(this::onAnswer, loop);
        return;
      }
      var unused = answer.whenComplete(this::take);
    }
    if (!isDone()) {
      complete(Optional.of(given));
    }
  }

  private void onTimeout() {
    completeExceptionally(
        current().late("receive.processingTimeout = " + processors.timeout().toMillis() + " ms"));
  }

  private void onAnswer(Optional<RecordBatch> left, Throwable failure) {
    timer.cancel(false);
    if (!isDone()) {
      take(left, failure);
      callNext();
    }
  }

  private void take(Optional<RecordBatch> left, Throwable failure) {
    var wrong = failure != null ? failure : fault(left);
    if (wrong != null) {
      completeExceptionally(current().failure(wrong));
      return;
    }
    current().onDropped(given.size() - left.map(RecordBatch::size).orElse(0));
    if (left.isEmpty()) {
      complete(left);
    } else {
      given = left.get();
    }
  }

  /** What is wrong with a batch that came back; null where nothing is. */
  @SuppressWarnings("OptionalAssignedToNull") // By a processor.
  private Throwable fault(Optional<RecordBatch> left) {
    if (left == null) {
      return new NullPointerException("no batch came back");
    }
    boolean isRight = left.isEmpty() || left.get() == given || isPartOfGiven(left.get());
    return isRight
        ? null
        : new IllegalStateException(
            "the batch that came back is empty, or its offsets are not those of the given one");
  }

  private boolean isPartOfGiven(RecordBatch left) {
    int at = 0;
    for (int i = 0; i < left.size(); i++) {
      while (at < given.size() && given.offset(at) < left.offset(i)) {
        at++;
      }
      if (at == given.size() || given.offset(at) != left.offset(i)) {
        return false;
      }
      at++;
    }
    return left.size() > 0;
  }
}
