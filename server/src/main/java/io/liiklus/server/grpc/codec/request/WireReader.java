package io.liiklus.server.grpc.codec.request;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reader of protobuf's wire format in the transport's memory, so that bytes are copied once, into
 * an array of their own. The memory is the transport's again when its stream is closed. Confined to
 * the parsing of one message.
 */
final class WireReader {

  /** Bytes outside of the plain format; protobuf's own parser reads or refuses them. */
  static final class NotPlain extends Exception {
    private static final long serialVersionUID = 1;

    NotPlain() {
      super(null, null, false, false);
    }
  }

  /** A message in more pieces is put together first: each costs an object. */
  private static final int MOST_CHUNKS = 4_096;

  private static final byte[] NONE = {};

  private final List<ByteBuffer> chunks;
  private ByteBuffer chunk;
  private int next = 1;
  private int left;
  private int parts;

  private WireReader(List<ByteBuffer> chunks, int length) {
    this.chunks = chunks;
    this.chunk = chunks.get(0);
    this.left = length;
  }

  static WireReader of(byte[] bytes) {
    return new WireReader(List.of(ByteBuffer.wrap(bytes)), bytes.length);
  }

  /** Null where the stream does not lend its memory. Its position stays where it is. */
  static WireReader of(InputStream stream) throws IOException {
    if (!(stream instanceof KnownLength)
        || !(stream instanceof HasByteBuffer transport)
        || !transport.byteBufferSupported()) {
      return null;
    }
    int length = stream.available();
    var first = transport.getByteBuffer();
    if (first != null && first.remaining() == length) {
      return new WireReader(List.of(first), length);
    }
    return first == null || !stream.markSupported() ? null : ofChunks(stream, transport, length);
  }

  /** A message that came in several frames. */
  private static WireReader ofChunks(InputStream stream, HasByteBuffer transport, int length)
      throws IOException {
    var chunks = new ArrayList<ByteBuffer>();
    // The mark keeps the memory of those that are passed over.
    stream.mark(length);
    int left = length;
    while (left > 0 && chunks.size() < MOST_CHUNKS) {
      var chunk = transport.getByteBuffer();
      if (chunk == null || !chunk.hasRemaining()) {
        break;
      }
      chunks.add(chunk);
      left -= chunk.remaining();
      stream.skipNBytes(chunk.remaining());
    }
    stream.reset();
    return left == 0 ? new WireReader(chunks, length) : null;
  }

  /** A record of a batch, a header or an extension has begun. */
  void countPart() {
    parts++;
  }

  /** Number of parts so far. */
  int parts() {
    return parts;
  }

  /**
   * Number of bytes that are not read yet. A field ends where as many are left as lie behind it.
   */
  int left() {
    return left;
  }

  /** Reads a number of 32 bits without a sign: a tag, a length or a truth value. */
  int readNumber(int end) throws NotPlain {
    int number = 0;
    for (int shift = 0; shift < 31; shift += 7) {
      if (left <= end) {
        throw new NotPlain();
      }
      int bits = readByte();
      number |= (bits & 0x7f) << shift;
      if (bits < 0x80) {
        if (number < 0 || (shift == 28 && bits > 7)) {
          throw new NotPlain();
        }
        return number;
      }
    }
    throw new NotPlain();
  }

  private int readByte() {
    if (!chunk.hasRemaining()) {
      chunk = chunks.get(next++);
    }
    left--;
    return chunk.get() & 0xff;
  }

  /** Reads the length of a field within the one that ends there; returns where it ends itself. */
  int readEnd(int end) throws NotPlain {
    int length = readNumber(end);
    if (length > left - end) {
      throw new NotPlain();
    }
    return left - length;
  }

  /** Skips the rest of a field that ends there. */
  void skipTo(int end) {
    while (left > end) {
      if (!chunk.hasRemaining()) {
        chunk = chunks.get(next++);
      }
      int length = Math.min(chunk.remaining(), left - end);
      chunk.position(chunk.position() + length);
      left -= length;
    }
  }

  /** An array of the field's size. */
  byte[] readBytes(int end) throws NotPlain {
    int fieldEnd = readEnd(end);
    if (left == fieldEnd) {
      return NONE;
    }
    var bytes = new byte[left - fieldEnd];
    int read = 0;
    while (read < bytes.length) {
      if (!chunk.hasRemaining()) {
        chunk = chunks.get(next++);
      }
      int length = Math.min(chunk.remaining(), bytes.length - read);
      chunk.get(bytes, read, length);
      read += length;
    }
    left = fieldEnd;
    return bytes;
  }

  String readText(int end) throws NotPlain {
    return readText(end, "");
  }

  /**
   * @param likely a likely value of the text, returned where it is equal
   */
  String readText(int end, String likely) throws NotPlain {
    if (skipIfNext(end, likely)) {
      return likely;
    }
    var bytes = readBytes(end);
    if (!UnsafeByteOperations.unsafeWrap(bytes).isValidUtf8()) {
      throw new NotPlain();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Passes over a text of less than 128 ASCII characters that lies in the chunk as a whole. */
  private boolean skipIfNext(int end, String text) {
    int length = text.length();
    if (length == 0 || length > 127 || length >= chunk.remaining() || length >= left - end) {
      return false;
    }
    int at = chunk.position();
    if (chunk.get(at) != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (chunk.get(at + 1 + i) != text.charAt(i)) {
        return false;
      }
    }
    chunk.position(at + 1 + length);
    left -= 1 + length;
    return true;
  }
}
