package io.liiklus.storage.memory;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBytes;
import io.liiklus.api.RecordToPublish;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Record as the log stores it. Immutable, as long as readers keep to the rules of {@link
 * io.liiklus.api.RecordBatch}.
 *
 * @param key may be null
 * @param value may be null
 * @param bytes by which the bounds count it
 */
record MemoryRecord(
    long timestamp, ByteBuffer key, ByteBuffer value, List<Header> headers, long bytes) {

  static MemoryRecord of(RecordToPublish record, long nowMs) {
    var key = wrap(record.key());
    var value = wrap(record.value());
    var bytes = RecordBytes.of(key, value, record.headers());
    return new MemoryRecord(record.timestamp().orElse(nowMs), key, value, record.headers(), bytes);
  }

  private static ByteBuffer wrap(byte[] array) {
    return array == null ? null : ByteBuffer.wrap(array);
  }
}
