package io.liiklus.server.inflight;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.LongFunction;

/** Records whose value is their offset, at offsets that the test names. Immutable. */
final class NumberedBatch implements RecordBatch {

  private final long[] offsets;
  private final LongFunction<String> keys;

  NumberedBatch(LongFunction<String> keys, long... offsets) {
    this.keys = keys;
    this.offsets = offsets;
  }

  /** Neighbouring records without a key. */
  static NumberedBatch of(long first, int count) {
    return keyed(offset -> null, first, count);
  }

  static NumberedBatch keyed(LongFunction<String> keys, long first, int count) {
    var offsets = new long[count];
    for (int i = 0; i < count; i++) {
      offsets[i] = first + i;
    }
    return new NumberedBatch(keys, offsets);
  }

  /** The offset that was the record's when its value was made, of a copy too. */
  static long number(RecordBatch batch, int index) {
    return batch.value(index).slice().getLong();
  }

  @Override
  public int size() {
    return offsets.length;
  }

  @Override
  public long offset(int index) {
    return offsets[index];
  }

  @Override
  public long timestamp(int index) {
    return 0;
  }

  @Override
  public ByteBuffer key(int index) {
    var key = keys.apply(offsets[index]);
    return key == null ? null : ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public ByteBuffer value(int index) {
    return ByteBuffer.allocate(Long.BYTES).putLong(0, offsets[index]);
  }

  @Override
  public List<Header> headers(int index) {
    return List.of();
  }

  @Override
  public long bytes() {
    return 8L * offsets.length;
  }
}
