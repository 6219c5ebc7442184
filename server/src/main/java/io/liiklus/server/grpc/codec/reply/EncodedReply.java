package io.liiklus.server.grpc.codec.reply;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.WireFormat;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes of one reply on their way into the transport, which drains them once. Small fields are
 * collected in one array; large values stay where they are and are written from there. Confined to
 * its {@link ReplyEncoder}, which uses it again and again.
 *
 * <p>The encoding is that of protocol buffers: a field is a varint of number and wire type, then a
 * varint, or a length and so many bytes. A varint has 7 bits in each byte, the lowest first, and
 * the top bit set on all but the last.
 */
@SuppressWarnings("InputStreamSlowMultibyteRead") // It is drained, not read.
public final class EncodedReply extends InputStream implements Drainable, KnownLength {

  /** Values from here on are not copied into the array of a reply. */
  static final int LARGE_VALUE_BYTES = 4 * 1024;

  /** Room in front of the records for their length, which is known once they are written. */
  static final int FRONT_BYTES = 6;

  /** Room for a field and one around it. */
  private static final int ROOM_IN_FRONT = 2 * FRONT_BYTES;

  static final int FIRST_BYTES = 4 * 1024;

  /** Unused part of an array that may be handed over as it is: one in so many bytes. */
  private static final int MOST_LEFT_OVER = 8;

  /** An array that had to grow over this for one reply is let go of after it. */
  private final int mostKeptBytes;

  /** Values from here on stay where they are. */
  private final int leastLargeBytes;

  private byte[] array;
  private int start;
  private int end;

  /** Values that are not copied, and behind how much of the array each has its place. */
  private ByteBuffer[] large = new ByteBuffer[4];

  private int[] largeAt = new int[4];
  private int largeCount;
  private int largeBytes;

  EncodedReply(int mostKeptBytes) {
    this(FIRST_BYTES, mostKeptBytes, LARGE_VALUE_BYTES);
  }

  private EncodedReply(int firstBytes, int mostKeptBytes, int leastLargeBytes) {
    this.array = new byte[firstBytes];
    this.mostKeptBytes = mostKeptBytes;
    this.leastLargeBytes = leastLargeBytes;
  }

  /** A reply that is a message of protobuf, for one use. */
  public static EncodedReply of(MessageLite message) {
    var bytes = message.toByteArray();
    var reply = ofAbout(bytes.length);
    reply.bytes(bytes);
    return reply;
  }

  /**
   * For one use, with all values in the array, of about so many bytes: one that grows is copied
   * each time.
   */
  static EncodedReply ofAbout(int bytes) {
    return new EncodedReply(bytes, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  void clear() {
    if (array.length > mostKeptBytes) {
      array = new byte[FIRST_BYTES];
    }
    Arrays.fill(large, 0, largeCount, null);
    largeCount = 0;
    largeBytes = 0;
    start = ROOM_IN_FRONT;
    end = ROOM_IN_FRONT;
  }

  /**
   * The bytes of a reply of {@link #ofAbout}: the array itself where little of it is unused, so
   * nothing more may be written.
   */
  byte[] toArray() {
    boolean isTight = start == 0 && array.length - end <= array.length / MOST_LEFT_OVER;
    return isTight ? array : Arrays.copyOfRange(array, start, end);
  }

  /** Number of bytes of the reply. */
  @Override
  public int available() {
    return end - start + largeBytes;
  }

  /** Makes room for so many bytes, so that the writes of a record need not look for it. */
  void reserve(int bytes) {
    if (bytes > array.length - end) {
      array = Arrays.copyOf(array, Math.max(2 * array.length, Math.addExact(end, bytes)));
    }
  }

  void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      array[end++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    array[end++] = (byte) rest;
  }

  void bytes(byte[] bytes) {
    System.arraycopy(bytes, 0, array, end, bytes.length);
    end += bytes.length;
  }

  /** Copies the buffer's bytes, or only remembers it, and leaves it as it is. */
  void bytes(ByteBuffer buffer) {
    int length = buffer.remaining();
    if (isLarge(buffer)) {
      addLarge(buffer);
    } else {
      buffer.get(buffer.position(), array, end, length);
      end += length;
    }
  }

  /** Number of the buffer's bytes that are written to the array. */
  int copiedBytes(ByteBuffer buffer) {
    return isLarge(buffer) ? 0 : buffer.remaining();
  }

  private boolean isLarge(ByteBuffer buffer) {
    return buffer.remaining() >= leastLargeBytes && buffer.hasArray();
  }

  /** Puts the bytes of this array here when it is drained; they must stay as they are. */
  void addLarge(ByteBuffer buffer) {
    if (largeCount == large.length) {
      large = Arrays.copyOf(large, 2 * largeCount);
      largeAt = Arrays.copyOf(largeAt, 2 * largeCount);
    }
    large[largeCount] = buffer;
    largeAt[largeCount++] = end;
    largeBytes += buffer.remaining();
  }

  /** Puts all that was written so far into a field. */
  void wrap(int tag) {
    int length = available();
    start -= varintBytes(length) + 1;
    int behind = end;
    end = start;
    varint(tag);
    varint(length);
    end = behind;
  }

  static int varintBytes(long value) {
    return CodedOutputStream.computeUInt64SizeNoTag(value);
  }

  /** The tag of a field that has its length in front. */
  static int bytesTag(int fieldNumber) {
    return fieldNumber << 3 | WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  static int varintTag(int fieldNumber) {
    return fieldNumber << 3 | WireFormat.WIRETYPE_VARINT;
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    int length = available();
    int from = start;
    for (int i = 0; i < largeCount; i++) {
      target.write(array, from, largeAt[i] - from);
      from = largeAt[i];
      var value = large[i];
      target.write(value.array(), value.arrayOffset() + value.position(), value.remaining());
    }
    target.write(array, from, end - from);
    start = end;
    Arrays.fill(large, 0, largeCount, null);
    largeCount = 0;
    largeBytes = 0;
    return length;
  }

  @Override
  public int read() {
    throw new UnsupportedOperationException("a reply is drained, not read");
  }
}
