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
    long bytes =
        FIXED + (key == null ? 0 : key.remaining()) + (value == null ? 0 : value.remaining());
    for (int i = 0; i < headers.size(); i++) {
      var header = headers.get(i);
      bytes += FIXED + header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }
}
