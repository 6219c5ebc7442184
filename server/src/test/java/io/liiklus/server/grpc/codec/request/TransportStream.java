package io.liiklus.server.grpc.codec.request;

import io.grpc.Detachable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as the transport holds it: in chunks of memory outside the heap, which gets other
 * contents when the stream is closed. Confined to a test.
 */
final class TransportStream extends InputStream implements KnownLength, HasByteBuffer, Detachable {

  private final List<ByteBuffer> chunks = new ArrayList<>();
  private final int promised;
  private int position;
  private int mark = -1;
  private boolean isClosed;

  /**
   * @param promised how long the message is said to be
   */
  private TransportStream(byte[] bytes, int chunkBytes, int promised) {
    this.promised = promised;
    for (int from = 0; from < bytes.length; from += chunkBytes) {
      int length = Math.min(chunkBytes, bytes.length - from);
      chunks.add(ByteBuffer.allocateDirect(length).put(bytes, from, length).flip());
    }
  }

  public static TransportStream of(byte[] bytes, int chunkBytes) {
    return new TransportStream(bytes, chunkBytes, bytes.length);
  }

  public static TransportStream promising(int promised, byte[] bytes) {
    return new TransportStream(bytes, Integer.MAX_VALUE, promised);
  }

  /** The stream itself, which the owner of what is detached closes. */
  @Override
  public InputStream detach() {
    return this;
  }

  @Override
  public int available() {
    return promised - position;
  }

  @Override
  public boolean byteBufferSupported() {
    return true;
  }

  @Override
  public ByteBuffer getByteBuffer() {
    int start = 0;
    for (var chunk : chunks) {
      if (position < start + chunk.capacity()) {
        return chunk.duplicate().position(position - start).slice().asReadOnlyBuffer();
      }
      start += chunk.capacity();
    }
    return null;
  }

  @Override
  public int read() {
    var chunk = getByteBuffer();
    if (chunk == null) {
      return -1;
    }
    position++;
    return chunk.get() & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    var chunk = getByteBuffer();
    if (chunk == null) {
      return -1;
    }
    int read = Math.min(length, chunk.remaining());
    chunk.get(target, offset, read);
    position += read;
    return read;
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int limit) {
    mark = position;
  }

  @Override
  public void reset() {
    position = mark;
  }

  boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() {
    isClosed = true;
    for (var chunk : chunks) {
      for (int i = 0; i < chunk.capacity(); i++) {
        chunk.put(i, (byte) 0x5a);
      }
    }
  }
}
