package io.liiklus.storage.read;

import io.liiklus.api.Header;
import io.liiklus.api.RecordBytes;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Record of a log that has an object for each. Immutable, as long as readers keep to the rules of
 * {@link io.liiklus.api.RecordBatch}.
 *
 * @param timestamp in milliseconds since 1970
 * @param key may be null
 * @param value may be null
 * @param bytes by which bounds count it
 */
public record StoredRecord(
    long offset,
    long timestamp,
    ByteBuffer key,
    ByteBuffer value,
    List<Header> headers,
    long bytes) {

  public static StoredRecord of(
      long offset, long timestamp, byte[] key, byte[] value, List<Header> headers) {
    var keyBytes = wrap(key);
    var valueBytes = wrap(value);
    var bytes = RecordBytes.of(keyBytes, valueBytes, headers);
    return new StoredRecord(offset, timestamp, keyBytes, valueBytes, headers, bytes);
  }

  private static ByteBuffer wrap(byte[] array) {
    return array == null ? null : ByteBuffer.wrap(array);
  }

  /** The same record at another offset. */
  public StoredRecord at(long other) {
    return new StoredRecord(other, timestamp, key, value, headers, bytes);
  }
}
