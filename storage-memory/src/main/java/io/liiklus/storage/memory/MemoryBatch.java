package io.liiklus.storage.memory;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.util.List;

/** Consecutive records of a log; references these and no other. Immutable. */
final class MemoryBatch implements RecordBatch {

  private final long firstOffset;
  private final MemoryRecord[] records;
  private final long bytes;

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
}
