package io.liiklus.server.grpc.codec.reply;

import java.nio.ByteBuffer;

/**
 * Records of a whole batch as they stand in a reply, one behind the other, for all streams that
 * send the same batch. Immutable.
 */
final class EncodedBatch {

  /** Stands for a batch that is better encoded for each reply. */
  static final EncodedBatch NONE = new EncodedBatch(false, 0, new byte[0], new int[0]);

  private final boolean isEvents;
  private final int tag;
  private final byte[] bytes;

  /** End of each record in the bytes. */
  private final int[] ends;

  /**
   * @param tag in front of each record
   */
  EncodedBatch(boolean isEvents, int tag, byte[] bytes, int[] ends) {
    this.isEvents = isEvents;
    this.tag = tag;
    this.bytes = bytes;
    this.ends = ends;
  }

  boolean isFor(boolean eventsWanted, int tagWanted) {
    return isEvents == eventsWanted && tag == tagWanted;
  }

  /** Number of records from this one on that have no more than so many bytes together. */
  int fitting(int from, int mostBytes) {
    int end = start(from) + mostBytes;
    int low = from;
    int high = ends.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ends[middle] <= end) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - from;
  }

  /** The bytes of so many records. */
  ByteBuffer slice(int from, int records) {
    int start = start(from);
    return ByteBuffer.wrap(bytes, start, ends[from + records - 1] - start);
  }

  private int start(int record) {
    return record == 0 ? 0 : ends[record - 1];
  }
}
