package io.liiklus.server.grpc.codec;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** Records as a storage would hand them out, with offsets from 100 on. Confined to one test. */
public final class StoredRecords implements RecordBatch {

  public static final long FIRST_OFFSET = 100;

  private record Stored(long timestamp, ByteBuffer key, ByteBuffer value, List<Header> headers) {}

  private final List<Stored> records = new ArrayList<>();
  private AtomicReference<Object> attachment;

  public static StoredRecords of(String value, Header... headers) {
    return new StoredRecords().add(value, headers);
  }

  public static StoredRecords ofNull(Header... headers) {
    return new StoredRecords().add(0, null, null, headers);
  }

  public StoredRecords add(String value, Header... headers) {
    return add(0, null, ByteBuffer.wrap(utf8(value)), headers);
  }

  public StoredRecords add(long timestamp, ByteBuffer key, ByteBuffer value, Header... headers) {
    records.add(new Stored(timestamp, key, value, List.of(headers)));
    return this;
  }

  /** From now on, others get the same batch. */
  public StoredRecords share() {
    attachment = new AtomicReference<>();
    return this;
  }

  @Override
  public AtomicReference<Object> attachment() {
    return attachment;
  }

  /** The headers that make an event, and these. */
  public static Header[] event(Header... further) {
    var headers = new ArrayList<Header>();
    headers.add(header("ce_specversion", "1.0"));
    headers.add(header("ce_id", "i"));
    headers.add(header("ce_type", "t"));
    headers.add(header("ce_source", "s"));
    headers.addAll(List.of(further));
    return headers.toArray(Header[]::new);
  }

  public static Header header(String key, String value) {
    return new Header(key, utf8(value));
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public int size() {
    return records.size();
  }

  @Override
  public long offset(int index) {
    return FIRST_OFFSET + index;
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
    return records.stream()
        .mapToLong(record -> RecordBytes.of(record.key(), record.value(), record.headers()))
        .sum();
  }
}
