package io.liiklus.storage.sql.records;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Record as it was read. Immutable, as long as readers keep to the rules of {@link
 * io.liiklus.api.RecordBatch}.
 *
 * @param key may be null
 * @param value may be null
 * @param bytes by which the bounds of reading count it
 */
record SqlRecord(
    long offset,
    long timestamp,
    ByteBuffer key,
    ByteBuffer value,
    List<Header> headers,
    long bytes) {

  static SqlRecord of(long offset, long timestamp, byte[] key, byte[] value, byte[] headers) {
    var decoded = HeaderCodec.decode(headers);
    var keyBytes = wrap(key);
    var valueBytes = wrap(value);
    return new SqlRecord(
        offset,
        timestamp,
        keyBytes,
        valueBytes,
        decoded,
        RecordBytes.of(keyBytes, valueBytes, decoded));
  }

  private static ByteBuffer wrap(byte[] array) {
    return array == null ? null : ByteBuffer.wrap(array);
  }
}
