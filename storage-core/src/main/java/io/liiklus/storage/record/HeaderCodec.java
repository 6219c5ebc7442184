package io.liiklus.storage.record;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.api.Header;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes of a record's headers, as in a record of Kafka's format 2: their number, then key and value
 * of each, with lengths before them; a length of -1 stands for null. Numbers are zigzag varints.
 * Immutable.
 */
public final class HeaderCodec {

  private static final int MAX_SHIFT = 28;

  private HeaderCodec() {}

  /** Null where there are none. */
  public static byte[] encode(List<Header> headers) {
    if (headers.isEmpty()) {
      return null;
    }
    var out = new ByteArrayOutputStream();
    writeNumber(out, headers.size());
    for (var header : headers) {
      writeBytes(out, header.key().getBytes(UTF_8));
      writeBytes(out, header.value());
    }
    return out.toByteArray();
  }

  private static void writeBytes(ByteArrayOutputStream out, byte[] bytes) {
    writeNumber(out, bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.writeBytes(bytes);
    }
  }

  private static void writeNumber(ByteArrayOutputStream out, int number) {
    int left = (number << 1) ^ (number >> 31);
    while ((left & ~0x7f) != 0) {
      out.write((left & 0x7f) | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }

  /**
   * The headers that {@link #encode} was given.
   *
   * @param bytes null where there are no headers
   * @throws IllegalArgumentException where the bytes are no headers
   */
  public static List<Header> decode(byte[] bytes) {
    if (bytes == null) {
      return List.of();
    }
    try {
      return decode(ByteBuffer.wrap(bytes));
    } catch (BufferUnderflowException e) {
      throw new IllegalArgumentException("headers end too early", e);
    }
  }

  private static List<Header> decode(ByteBuffer in) {
    int count = readNumber(in);
    // Each has two bytes at least.
    if (count < 0 || count > in.remaining()) {
      throw new IllegalArgumentException("a number of headers that cannot be: " + count);
    }
    var headers = new ArrayList<Header>(count);
    for (int i = 0; i < count; i++) {
      var key = readBytes(in);
      if (key == null) {
        throw new IllegalArgumentException("a header without a key");
      }
      headers.add(new Header(new String(key, UTF_8), readBytes(in)));
    }
    if (in.hasRemaining()) {
      throw new IllegalArgumentException("bytes behind the headers: " + in.remaining());
    }
    return headers;
  }

  private static byte[] readBytes(ByteBuffer in) {
    int length = readNumber(in);
    if (length == -1) {
      return null;
    }
    if (length < 0 || length > in.remaining()) {
      throw new IllegalArgumentException("a length that cannot be: " + length);
    }
    var bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static int readNumber(ByteBuffer in) {
    int number = 0;
    for (int shift = 0; shift <= MAX_SHIFT; shift += 7) {
      byte part = in.get();
      number |= (part & 0x7f) << shift;
      if (part >= 0) {
        return (number >>> 1) ^ -(number & 1);
      }
    }
    throw new IllegalArgumentException("a number of more than 5 bytes");
  }
}
