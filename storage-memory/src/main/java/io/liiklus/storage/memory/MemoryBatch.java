package io.liiklus.storage.memory;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.storage.read.FetchedBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Consecutive records of a log; references these and no other. Immutable, but for its attachment.
 */
final class MemoryBatch implements FetchedBatch {

  private final long firstOffset;
  private final MemoryRecord[] records;
  private final long bytes;

  /** Null where one group reads the batch alone. */
  private volatile AtomicReference<Object> attachment;

  MemoryBatch(long firstOffset, MemoryRecord[] records) {
    this.firstOffset = firstOffset;
    this.records = records;
    long sum = 0;
    for (var record : records) {
      sum += record.bytes();
    }
    this.bytes = sum;
  }

  /** The offset behind the last record. */
  long nextOffset() {
    return firstOffset + records.length;
  }

  @Override
  public int size() {
    return records.length;
  }

  @Override
  public long offset(int index) {
    return firstOffset + index;
  }

  @Override
  public long timestamp(int index) {
    return records[index].timestamp();
  }

  @Override
  public ByteBuffer key(int index) {
    return records[index].key();
  }

  @Override
  public ByteBuffer value(int index) {
    return records[index].value();
  }

  @Override
  public List<Header> headers(int index) {
    return records[index].headers();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void share() {
    if (attachment == null) {
      attachment = new AtomicReference<>();
    }
  }

  @Override
  public AtomicReference<Object> attachment() {
    return attachment;
  }

  /** References no more than its records, so that there is nothing to copy. */
  @Override
  public RecordBatch copyFrom(int index) {
    return index == 0
        ? this
        : new MemoryBatch(firstOffset + index, Arrays.copyOfRange(records, index, records.length));
  }
}
