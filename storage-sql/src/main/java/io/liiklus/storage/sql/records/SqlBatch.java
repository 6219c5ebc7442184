package io.liiklus.storage.sql.records;

import io.liiklus.api.Header;
import io.liiklus.api.Offsets;
import io.liiklus.api.RecordBatch;
import io.liiklus.storage.read.FetchedBatch;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Records as they were read; references these and no other. Immutable, but for its attachment. */
final class SqlBatch implements FetchedBatch {

  private final List<SqlRecord> records;
  private final long bytes;

  /** Null where one group reads the batch alone. */
  private volatile AtomicReference<Object> attachment;

  /**
   * @param records at least one, in the order of their offsets
   */
  SqlBatch(List<SqlRecord> records) {
    this.records = List.copyOf(records);
    this.bytes = records.stream().mapToLong(SqlRecord::bytes).sum();
  }

  /** The offset behind the last record. */
  long nextOffset() {
    return Offsets.next(offset(size() - 1));
  }

  @Override
  public int size() {
    return records.size();
  }

  @Override
  public long offset(int index) {
    return records.get(index).offset();
  }

  @Override
  public long timestamp(int index) {
    return records.get(index).timestamp();
  }

  @Override
  public ByteBuffer key(int index) {
    return records.get(index).key();
  }

  @Override
  public ByteBuffer value(int index) {
    return records.get(index).value();
  }

  @Override
  public List<Header> headers(int index) {
    return records.get(index).headers();
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
    return index == 0 ? this : new SqlBatch(records.subList(index, records.size()));
  }
}
