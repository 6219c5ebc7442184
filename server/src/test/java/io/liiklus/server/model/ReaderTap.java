package io.liiklus.server.model;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Looks at what is read. */
final class ReaderTap implements PartitionReader {

  private final Witness witness;
  private final PartitionReader reader;
  private final Holding holding;
  private CompletableFuture<RecordBatch> open;

  ReaderTap(Witness witness, PartitionReader reader, Holding holding) {
    this.witness = witness;
    this.reader = reader;
    this.holding = holding;
  }

  boolean isRead() {
    return open != null && !open.isDone();
  }

  @Override
  public int partition() {
    return reader.partition();
  }

  @Override
  public long startOffset() {
    return reader.startOffset();
  }

  @Override
  public CompletionStage<RecordBatch> read() {
    try {
      open = reader.read().toCompletableFuture();
    } catch (IllegalStateException twice) {
      witness.require(false, "partition %d: %s", partition(), twice.getMessage());
    }
    witness.require(
        !holding.isTaken || open.isCompletedExceptionally(),
        "partition %d: a read of what was taken away",
        partition());
    var unused = open.thenAccept(this::onBatch);
    return open;
  }

  private void onBatch(RecordBatch batch) {
    witness.require(batch.size() > 0, "partition %d: an empty batch", partition());
    for (int i = 1; i < batch.size(); i++) {
      witness.require(
          batch.offset(i - 1) < batch.offset(i), "partition %d: a mixed batch", partition());
    }
  }

  @Override
  public void seek(long offset) {
    reader.seek(offset);
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return reader.range();
  }

  @Override
  public boolean hasRecords() {
    return reader.hasRecords();
  }
}
