package io.liiklus.storage.read;

import io.liiklus.api.Header;
import io.liiklus.api.Offsets;
import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Batch of a log that has an object for each record; references these and no other. Immutable, but
 * for its attachment.
 */
public final class StoredBatch implements FetchedBatch {

  private final StoredRecord[] records;
  private final long bytes;

  /** Null where one group reads the batch alone. */
  private volatile AtomicReference<Object> attachment;

  /**
   * @param records at least one, in the order of their offsets; the batch's from now on
   */
  public StoredBatch(StoredRecord... records) {
    this.records = records;
    long sum = 0;
    for (var record : records) {
      sum += record.bytes();
    }
    this.bytes = sum;
  }

  /** The offset behind the last record. */
  public long nextOffset() {
    return Offsets.next(offset(size() - 1));
  }

  @Override
  public int size() {
    return records.length;
  }

  @Override
  public long offset(int index) {
    return records[index].offset();
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
    return index == 0 ? this : new StoredBatch(Arrays.copyOfRange(records, index, records.length));
  }
}
