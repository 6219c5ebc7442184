package io.liiklus.server.processing;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;

/**
 * A partition as one Receive reads it, through the post-processors. A batch of which nothing is
 * left is read past: the position stays, as nobody acknowledges it, and a reader that begins there
 * meets the same records and drops them again. Confined to the event loop of the Receive.
 */
final class ProcessedReader implements PartitionReader {

  /** Batches in a row, of which nothing is left, before the loop's other work has its turn. */
  private static final int BATCHES_IN_A_TURN = 16;

  private final PostProcessors processors;
  private final PartitionReader source;
  private final String topic;
  private final ScheduledExecutorService loop;
  private final BooleanSupplier isWanted;

  ProcessedReader(
      PostProcessors processors,
      PartitionReader source,
      String topic,
      ScheduledExecutorService loop,
      BooleanSupplier isWanted) {
    this.processors = processors;
    this.source = source;
    this.topic = topic;
    this.loop = loop;
    this.isWanted = isWanted;
  }

  @Override
  public int partition() {
    return source.partition();
  }

  @Override
  public long startOffset() {
    return source.startOffset();
  }

  @Override
  public CompletionStage<RecordBatch> read() {
    var answer = new CompletableFuture<RecordBatch>();
    readFor(answer);
    return answer;
  }

  private void readFor(CompletableFuture<RecordBatch> answer) {
    for (int turn = 0; turn < BATCHES_IN_A_TURN; turn++) {
      if (!isWanted.getAsBoolean()) {
        // The next Receive may read the same partition by now.
        answer.completeExceptionally(
            new StorageException(StorageException.Kind.CLOSED, "the Receive has ended"));
        return;
      }
      var read = source.read().toCompletableFuture();
      if (!read.isDone() || read.isCompletedExceptionally()) {
        var unused = read.whenCompleteAsync((batch, end) -> onRead(batch, end, answer), loop);
        return;
      }
      var processed = process(read.join());
      if (!processed.isDone() || processed.isCompletedExceptionally()) {
        var unused = processed.whenComplete((left, end) -> onProcessed(left, end, answer));
        return;
      }
      if (processed.join().isPresent()) {
        answer.complete(processed.join().get());
        return;
      }
    }
    loop.execute(() -> readFor(answer));
  }

  private void onRead(RecordBatch batch, Throwable end, CompletableFuture<RecordBatch> answer) {
    if (end != null) {
      answer.completeExceptionally(end);
    } else {
      var unused =
          process(batch).whenComplete((left, failure) -> onProcessed(left, failure, answer));
    }
  }

  private PostProcessing process(RecordBatch batch) {
    return new PostProcessing(processors, topic, partition(), loop).begin(batch);
  }

  private void onProcessed(
      Optional<RecordBatch> left, Throwable end, CompletableFuture<RecordBatch> answer) {
    if (end != null) {
      answer.completeExceptionally(end);
    } else if (left.isPresent()) {
      answer.complete(left.get());
    } else {
      readFor(answer);
    }
  }

  @Override
  public void seek(long offset) {
    source.seek(offset);
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return source.range();
  }

  @Override
  public boolean hasRecords() {
    return source.hasRecords();
  }
}
