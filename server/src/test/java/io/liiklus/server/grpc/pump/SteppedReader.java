package io.liiklus.server.grpc.pump;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers reads with what is there, and else when the test says so. */
final class SteppedReader implements PartitionReader {
  private final Deque<RecordBatch> batches = new ArrayDeque<>();
  private CompletableFuture<RecordBatch> open;
  int reads;

  void add(RecordBatch batch) {
    batches.add(batch);
  }

  void answer(RecordBatch batch) {
    open.complete(batch);
  }

  void fail(Kind kind) {
    open.completeExceptionally(new StorageException(kind, "as the test says"));
  }

  @Override
  public CompletionStage<RecordBatch> read() {
    assertThat(open == null || open.isDone()).as("one read at a time").isTrue();
    reads++;
    open = new CompletableFuture<>();
    if (!batches.isEmpty()) {
      open.complete(batches.remove());
    }
    return open;
  }

  @Override
  public int partition() {
    return 3;
  }

  @Override
  public long startOffset() {
    return 0;
  }

  @Override
  public void seek(long offset) {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean hasRecords() {
    throw new UnsupportedOperationException();
  }
}
