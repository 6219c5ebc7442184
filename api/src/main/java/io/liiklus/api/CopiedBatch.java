package io.liiklus.api;

import java.nio.ByteBuffer;
import java.util.List;

/** A batch in arrays of its own, so that it pins no larger buffer. Immutable. */
final class CopiedBatch implements RecordBatch {

  private final long[] offsets;
  private final long[] timestamps;
  private final ByteBuffer[] keys;
  private final ByteBuffer[] values;
  private final List<List<Header>> headers;
  private final long bytes;

  private CopiedBatch(RecordBatch source, int from) {
    int size = source.size() - from;
    offsets = new long[size];
    timestamps = new long[size];
    keys = new ByteBuffer[size];
    values = new ByteBuffer[size];
    @SuppressWarnings({"unchecked", "rawtypes"})
    List<Header>[] lists = new List[size];
    long held = 0;
    for (int i = 0; i < size; i++) {
      offsets[i] = source.offset(from + i);
      timestamps[i] = source.timestamp(from + i);
      keys[i] = copy(source.key(from + i));
      values[i] = copy(source.value(from + i));
      lists[i] = source.headers(from + i);
      held += RecordBytes.of(keys[i], values[i], lists[i]);
    }
    headers = List.of(lists);
    bytes = held;
  }

  static RecordBatch of(RecordBatch source, int from) {
    if (from < 0 || from >= source.size()) {
      throw new IndexOutOfBoundsException("from=" + from + " size=" + source.size());
    }
    return new CopiedBatch(source, from);
  }

  private static ByteBuffer copy(ByteBuffer source) {
    if (source == null) {
      return null;
    }
    var target = ByteBuffer.allocate(source.remaining());
    target.put(source.duplicate());
    return target.flip();
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
    return timestamps[index];
  }

  @Override
  public ByteBuffer key(int index) {
    return keys[index];
  }

  @Override
  public ByteBuffer value(int index) {
    return values[index];
  }

  @Override
  public List<Header> headers(int index) {
    return headers.get(index);
  }

  @Override
  public long bytes() {
    return bytes;
  }
}
