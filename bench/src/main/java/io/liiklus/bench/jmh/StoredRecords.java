package io.liiklus.bench.jmh;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Batch of equal records, as a storage gives them. Immutable. */
record StoredRecords(int size, ByteBuffer value, List<Header> headers) implements RecordBatch {

  private static final int VALUE_BYTES = 100;
  private static final long FIRST_OFFSET = 1_000_000;
  private static final long TIMESTAMP_MS = 1_775_410_260_000L;

  static RecordBatch raw(int size) {
    return new StoredRecords(size, ByteBuffer.allocate(VALUE_BYTES), List.of());
  }

  static RecordBatch events(int size) {
    var headers =
        List.of(
            header("ce_specversion", "1.0"),
            header("ce_id", "7f1c5c50-9d8e-4b60-a3f5-3b1f3a1de001"),
            header("ce_type", "com.example.order.placed"),
            header("ce_source", "/orders/eu"),
            header("ce_time", "2026-04-05T17:31:00Z"),
            header("content-type", "application/json"),
            header("ce_datacontenttype", "application/json"));
    return new StoredRecords(size, ByteBuffer.allocate(VALUE_BYTES), headers);
  }

  private static Header header(String key, String value) {
    return new Header(key, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public long offset(int index) {
    return FIRST_OFFSET + index;
  }

  @Override
  public long timestamp(int index) {
    return TIMESTAMP_MS + index;
  }

  @Override
  public ByteBuffer key(int index) {
    return null;
  }

  @Override
  public ByteBuffer value(int index) {
    return value;
  }

  @Override
  public List<Header> headers(int index) {
    return headers;
  }

  @Override
  public long bytes() {
    return (long) size * VALUE_BYTES;
  }
}
