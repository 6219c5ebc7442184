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

  private final ReplyBytes reply = new ReplyBytes();
  private long previous = -1;
  private int records;

  /** Reads one reply. */
  void read(InputStream in) throws IOException {
    reply.read(in);
    records = 0;
    while (reply.hasMore(reply.length())) {
      int field = reply.fieldOfBytes();
      int end = reply.endOfField();
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
    while (reply.hasMore(end)) {
      int unused = reply.fieldOfBytes();
      record(reply.endOfField());
    }
  }

  private void record(int end) throws IOException {
    long offset = reply.offset(end);
    if (offset != previous + 1) {
      throw new IOException("offset " + offset + " after " + previous);
    }
    previous = offset;
    records++;
  }
}
