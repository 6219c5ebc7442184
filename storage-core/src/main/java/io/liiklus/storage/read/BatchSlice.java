package io.liiklus.storage.read;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.util.List;

/** Records of a batch from a given one on. Immutable. */
final class BatchSlice implements RecordBatch {

  private final RecordBatch whole;
  private final int from;

  private BatchSlice(RecordBatch whole, int from) {
    this.whole = whole;
    this.from = from;
  }

  /** The records at this offset and behind it, of which there are some; the batch, if all are. */
  static RecordBatch from(RecordBatch batch, long offset) {
    if (batch.offset(0) >= offset) {
      return batch;
    }
    int low = 0;
    int high = batch.size() - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (batch.offset(middle) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return new BatchSlice(batch, low);
  }

  @Override
  public int size() {
    return whole.size() - from;
  }

  @Override
  public long offset(int index) {
    return whole.offset(from + index);
  }

  @Override
  public long timestamp(int index) {
    return whole.timestamp(from + index);
  }

  @Override
  public ByteBuffer key(int index) {
    return whole.key(from + index);
  }

  @Override
  public ByteBuffer value(int index) {
    return whole.value(from + index);
  }

  @Override
  public List<Header> headers(int index) {
    return whole.headers(from + index);
  }

  @Override
  public long bytes() {
    long held = 0;
    for (int i = 0; i < size(); i++) {
      held += RecordBytes.of(key(i), value(i), headers(i));
    }
    return held;
  }

  @Override
  public RecordBatch copyFrom(int index) {
    return whole.copyFrom(from + index);
  }
}
