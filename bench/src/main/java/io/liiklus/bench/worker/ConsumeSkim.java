package io.liiklus.bench.worker;

import com.github.bsideup.liiklus.protocol.ConsumeRecords;
import com.github.bsideup.liiklus.protocol.ConsumeReply;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Counter of the records of a {@code ConsumeReply}, as {@link ReplySkim} is of other replies. One
 * for each Consume call. Confined to the thread that reads the call.
 */
final class ConsumeSkim {

  private final ReplyBytes reply = new ReplyBytes();

  /** By partition, the offset of the last record so far; -1 before the first. */
  private final long[] previous;

  private int partition;
  private int records;

  ConsumeSkim(int partitions) {
    previous = new long[partitions];
    Arrays.fill(previous, -1);
  }

  /** Reads one reply. */
  void read(InputStream in) throws IOException {
    reply.read(in);
    records = 0;
    while (reply.hasMore(reply.length())) {
      int field = reply.fieldOfBytes();
      int end = reply.endOfField();
      if (field == ConsumeReply.RECORDS_FIELD_NUMBER) {
        records(end);
      } else {
        reply.moveTo(end);
      }
    }
  }

  /** The partition may stand before or behind the records. */
  private void records(int end) throws IOException {
    int begin = 0;
    partition = 0;
    while (reply.hasMore(end)) {
      int field = reply.field();
      if (field == ConsumeRecords.PARTITION_FIELD_NUMBER) {
        partition = (int) reply.varint();
        continue;
      }
      if (field == ConsumeRecords.RECORDS_FIELD_NUMBER) {
        begin = reply.position();
      }
      int behind = reply.endOfField();
      reply.moveTo(behind);
    }
    reply.moveTo(begin);
    batch(reply.endOfField());
    reply.moveTo(end);
  }

  private void batch(int end) throws IOException {
    while (reply.hasMore(end)) {
      int unused = reply.fieldOfBytes();
      long offset = reply.offset(reply.endOfField());
      if (offset != previous[partition] + 1) {
        throw new IOException(
            "partition " + partition + ": offset " + offset + " after " + previous[partition]);
      }
      previous[partition] = offset;
      records++;
    }
  }

  /** Number of the reply's records. */
  int records() {
    return records;
  }

  /** Partition of the last reply with records. */
  int partition() {
    return partition;
  }

  /** Offset of the last record of this partition so far. */
  long lastOffset() {
    return previous[partition];
  }

  /** Whether all partitions have come to this offset. */
  boolean isAt(long offset) {
    for (long last : previous) {
      if (last < offset) {
        return false;
      }
    }
    return true;
  }
}
