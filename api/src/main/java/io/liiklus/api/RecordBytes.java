package io.liiklus.api;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Size of a record as the bounds on memory count it: its contents and a fixed sum for the rest.
 * Immutable.
 */
public final class RecordBytes {

  /** Bytes for offset, timestamp and the objects around them. */
  private static final long FIXED = 64;

  private RecordBytes() {}

  /** Either buffer may be null. */
  public static long of(ByteBuffer key, ByteBuffer value, List<Header> headers) {
    return of(key == null ? 0 : key.remaining(), value == null ? 0 : value.remaining(), headers);
  }

  /** The size that the record has once it is stored. */
  public static long of(RecordToPublish record) {
    return of(length(record.key()), length(record.value()), record.headers());
  }

  private static long of(int key, int value, List<Header> headers) {
    long bytes = FIXED + key + value;
    for (int i = 0; i < headers.size(); i++) {
      var header = headers.get(i);
      bytes += FIXED + header.key().length() + length(header.value());
    }
    return bytes;
  }

  private static int length(byte[] bytes) {
    return bytes == null ? 0 : bytes.length;
  }
}
