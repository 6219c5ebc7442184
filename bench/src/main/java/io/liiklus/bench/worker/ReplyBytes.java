package io.liiklus.bench.worker;

import java.io.IOException;
import java.io.InputStream;

/**
 * Bytes of one reply, field after field, by the encoding of protocol buffers. Confined to the
 * thread that reads the call.
 */
final class ReplyBytes {

  private byte[] bytes = new byte[16 << 10];
  private int length;
  private int position;

  void read(InputStream in) throws IOException {
    length = in.available();
    if (bytes.length < length) {
      bytes = new byte[length * 2];
    }
    if (in.readNBytes(bytes, 0, length) != length) {
      throw new IOException("a reply that ends early");
    }
    position = 0;
  }

  int length() {
    return length;
  }

  int position() {
    return position;
  }

  void moveTo(int newPosition) {
    position = newPosition;
  }

  boolean hasMore(int end) {
    return position < end;
  }

  /** Number of the next field. */
  int field() {
    return (int) (varint() >>> 3);
  }

  /** The same, of a field that has a length. */
  int fieldOfBytes() throws IOException {
    long tag = varint();
    if ((tag & 7) != 2) {
      throw new IOException("no bytes in field " + (tag >>> 3));
    }
    return (int) (tag >>> 3);
  }

  /** End of the field that begins here, which has a length. */
  int endOfField() {
    int size = (int) varint();
    return position + size;
  }

  /** Offset of the record that ends there: its first field, unless that is 0. Goes behind it. */
  long offset(int end) {
    long offset = 0;
    if (position < end && bytes[position] == 1 << 3) {
      position++;
      offset = varint();
    }
    position = end;
    return offset;
  }

  long varint() {
    long value = 0;
    int shift = 0;
    byte next = bytes[position++];
    while (next < 0) {
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
      next = bytes[position++];
    }
    return value | (long) next << shift;
  }
}
