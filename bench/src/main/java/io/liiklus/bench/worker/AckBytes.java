package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.AckRequest;
import java.util.Arrays;

/**
 * Bytes of one Ack after the other, with rising offsets. The offset stands last, in five bytes
 * whatever its value, so that the other bytes are written once. Confined to one thread.
 */
final class AckBytes {

  private static final int OFFSET_TAG = AckRequest.OFFSET_FIELD_NUMBER << 3;
  private static final int VARINT_BYTES = 5;

  private final byte[] bytes;
  private long offset;

  /**
   * @param position all but the offset
   */
  AckBytes(AckRequest position) {
    var head = position.toByteArray();
    bytes = Arrays.copyOf(head, head.length + 1 + VARINT_BYTES);
    bytes[head.length] = OFFSET_TAG;
  }

  /** The same array each time, which must not be in use any more. */
  byte[] next() {
    long rest = ++offset;
    for (int i = bytes.length - VARINT_BYTES; i < bytes.length - 1; i++) {
      bytes[i] = (byte) ((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    bytes[bytes.length - 1] = (byte) (rest & 0x7f);
    return bytes;
  }
}
