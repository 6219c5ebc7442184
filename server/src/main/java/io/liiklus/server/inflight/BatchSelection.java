package io.liiklus.server.inflight;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Some records of another batch, to copy these alone. Immutable.
 *
 * @param indexes theirs in the other batch, rising
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody.
record BatchSelection(RecordBatch source, int[] indexes) implements RecordBatch {

  @Override
  public int size() {
    return indexes.length;
  }

  @Override
  public long offset(int index) {
    return source.offset(indexes[index]);
  }

  @Override
  public long timestamp(int index) {
    return source.timestamp(indexes[index]);
  }

  @Override
  public ByteBuffer key(int index) {
    return source.key(indexes[index]);
  }

  @Override
  public ByteBuffer value(int index) {
    return source.value(indexes[index]);
  }

  @Override
  public List<Header> headers(int index) {
    return source.headers(indexes[index]);
  }

  @Override
  public long bytes() {
    long sum = 0;
    for (int i = 0; i < indexes.length; i++) {
      sum += RecordBytes.of(key(i), value(i), headers(i));
    }
    return sum;
  }
}
