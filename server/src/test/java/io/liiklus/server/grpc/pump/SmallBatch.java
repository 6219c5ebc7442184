package io.liiklus.server.grpc.pump;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Records of four bytes. */
final class SmallBatch implements RecordBatch {
  private final long first;
  private final int size;
  final List<Integer> copies = new ArrayList<>();

  SmallBatch(long first, int size) {
    this.first = first;
    this.size = size;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public long offset(int index) {
    return first + index;
  }

  @Override
  public long timestamp(int index) {
    return 0;
  }

  @Override
  public ByteBuffer key(int index) {
    return null;
  }

  @Override
  public ByteBuffer value(int index) {
    return ByteBuffer.allocate(4);
  }

  @Override
  public List<Header> headers(int index) {
    return List.of();
  }

  @Override
  public long bytes() {
    return 4L * size;
  }

  @Override
  public RecordBatch copyFrom(int index) {
    copies.add(index);
    return new SmallBatch(first + index, size - index);
  }
}
