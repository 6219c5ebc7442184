package io.liiklus.bench.worker;

import java.io.IOException;
import java.io.InputStream;

/**
 * Counter of the records of a {@code ReceiveReply}, which checks their offsets and parses no more
 * of it, so that the client costs as little as possible. One for each Receive call. Confined to the
 * thread that reads the call.
 */
final class ReplySkim {

  private static final int RECORD_BATCH = 3;

  private byte[] reply = new byte[16 << 10];
  private int position;
  private long previous = -1;
  private int records;

  /** Reads one reply. */
  void read(InputStream in) throws IOException {
    int length = in.available();
    if (reply.length < length) {
      reply = new byte[length * 2];
    }
    if (in.readNBytes(reply, 0, length) != length) {
      throw new IOException("a reply that ends early");
    }
    position = 0;
    records = 0;
    while (position < length) {
      int field = fieldOfBytes();
      int end = length();
      if (field < RECORD_BATCH) {
        record(end);
      } else {
        batch(end);
      }
    }
  }

  /** Number of the reply's records. */
  int records() {
    return records;
  }

  /** The offset of the last record so far; -1 before the first. */
  long lastOffset() {
    return previous;
  }

  private void batch(int end) throws IOException {
    while (position < end) {
      int unused = fieldOfBytes();
      record(length());
    }
  }

  /** Its first field is the offset, unless that is 0, which is not written. */
  private void record(int end) throws IOException {
    long offset = 0;
    if (position < end && reply[position] == 1 << 3) {
      position++;
      offset = varint();
    }
    if (offset != previous + 1) {
      throw new IOException("offset " + offset + " after " + previous);
    }
    previous = offset;
    records++;
    position = end;
  }

  private int fieldOfBytes() throws IOException {
    long tag = varint();
    if ((tag & 7) != 2) {
      throw new IOException("no bytes in field " + (tag >>> 3));
    }
    return (int) (tag >>> 3);
  }

  /** End of the field that begins here. */
  private int length() {
    int length = (int) varint();
    return position + length;
  }

  private long varint() {
    long value = 0;
    int shift = 0;
    byte next = reply[position++];
    while (next < 0) {
      value |= (long) (next & 0x7f) << shift;
      shift += 7;
      next = reply[position++];
    }
    return value | (long) next << shift;
  }
}
