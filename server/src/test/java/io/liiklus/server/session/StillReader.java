package io.liiklus.server.session;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A partition's reader that is moved and never read. */
final class StillReader implements PartitionReader {

  final List<Long> seeks = new ArrayList<>();
  boolean hasRecords;

  private final int partition;
  private final long startOffset;

  StillReader(int partition, long startOffset) {
    this.partition = partition;
    this.startOffset = startOffset;
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public long startOffset() {
    return startOffset;
  }

  @Override
  public void seek(long offset) {
    seeks.add(offset);
  }

  @Override
  public boolean hasRecords() {
    return hasRecords;
  }

  @Override
  public CompletionStage<RecordBatch> read() {
    throw new UnsupportedOperationException();
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    throw new UnsupportedOperationException();
  }
}
