package io.liiklus.api;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A batch in one array of its own, so that it pins no larger buffer and costs no object for each
 * record. Immutable, but for its attachment.
 */
final class CopiedBatch implements RecordBatch {

  /** Marks a key or value that is null. */
  private static final int NULL = -1;

  private final long[] offsets;
  private final long[] timestamps;

  /** All keys and values, one behind the other. */
  private final byte[] contents;

  /** Three numbers a record: start and length of its key, length of the value behind it. */
  private final int[] places;

  /** Null where no record has any. */
  private final List<Header>[] headers;

  private final long bytes;
  private final AtomicReference<Object> attachment;

  private CopiedBatch(RecordBatch source, int from) {
    int size = source.size() - from;
    offsets = new long[size];
    timestamps = new long[size];
    places = new int[3 * size];
    List<Header>[] lists = null;
    long held = 0;
    int length = 0;
    for (int i = 0; i < size; i++) {
      var key = source.key(from + i);
      var value = source.value(from + i);
      var ofRecord = source.headers(from + i);
      offsets[i] = source.offset(from + i);
      timestamps[i] = source.timestamp(from + i);
      places[3 * i] = length;
      places[3 * i + 1] = key == null ? NULL : key.remaining();
      places[3 * i + 2] = value == null ? NULL : value.remaining();
      length = Math.addExact(length, length(3 * i + 1) + length(3 * i + 2));
      if (!ofRecord.isEmpty()) {
        lists = lists == null ? noLists(size) : lists;
        lists[i] = ofRecord;
      }
      held += RecordBytes.of(key, value, ofRecord);
    }
    headers = lists;
    bytes = held;
    // An attachment made of the same records is as good for the copy.
    attachment = from == 0 ? source.attachment() : null;
    contents = new byte[length];
    for (int i = 0; i < size; i++) {
      copy(source.key(from + i), places[3 * i]);
      copy(source.value(from + i), places[3 * i] + length(3 * i + 1));
    }
  }

  static RecordBatch of(RecordBatch source, int from) {
    if (from < 0 || from >= source.size()) {
      throw new IndexOutOfBoundsException("from=" + from + " size=" + source.size());
    }
    return new CopiedBatch(source, from);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static List<Header>[] noLists(int size) {
    return new List[size];
  }

  private int length(int place) {
    return Math.max(0, places[place]);
  }

  private void copy(ByteBuffer source, int at) {
    if (source != null) {
      source.get(source.position(), contents, at, source.remaining());
    }
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
    return view(places[3 * index], places[3 * index + 1]);
  }

  @Override
  public ByteBuffer value(int index) {
    return view(places[3 * index] + length(3 * index + 1), places[3 * index + 2]);
  }

  private ByteBuffer view(int at, int length) {
    return length == NULL ? null : ByteBuffer.wrap(contents, at, length);
  }

  @Override
  public List<Header> headers(int index) {
    return headers == null || headers[index] == null ? List.of() : headers[index];
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public RecordBatch copyFrom(int index) {
    return index == 0 ? this : RecordBatch.super.copyFrom(index);
  }

  @Override
  public AtomicReference<Object> attachment() {
    return attachment;
  }
}
