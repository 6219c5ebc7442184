package io.liiklus.server.inflight;

import io.liiklus.api.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Neighbouring records of one batch that were sent together, and which of them are acked; with the
 * acked ones of later runs up to the next that is kept. Confined to its window's owner.
 *
 * <p>One that is kept for long keeps copies of the records that are not acked, and no others.
 */
final class SentRun {

  /** Number of records as they were sent. */
  private final int records;

  private final long first;
  private final long last;
  private final long sentNs;

  private RecordBatch batch;

  /** Index in the batch of the first that is kept. */
  private int from;

  /** How many are kept. */
  private int size;

  /** Those that are acked, by their place among what is kept; null: none. */
  private BitSet acked;

  /** Place of the first that is not acked. */
  private int head;

  private int unacked;
  private long bytes;

  /** Of each that is kept, its place as it was sent; null where all are kept. */
  private int[] sentPlaces;

  /** Of each that is kept, the offset before it; null where all are kept. */
  private long[] offsetsBefore;

  private boolean isCopied;

  /** Offset of the last record up to the next run. */
  private long end;

  /** Number of records behind its own, up to there. */
  private long appended;

  SentRun(RecordBatch batch, int from, int records, long bytes, long sentNs) {
    this.batch = batch;
    this.from = from;
    this.size = records;
    this.records = records;
    this.unacked = records;
    this.bytes = bytes;
    this.sentNs = sentNs;
    this.first = batch.offset(from);
    this.last = batch.offset(from + records - 1);
    this.end = last;
  }

  /** Acked records lie behind it and what was appended before. */
  void append(long lastOffset, long count) {
    end = lastOffset;
    appended += count;
  }

  /** Offset of the last record of these, or of its own. */
  long end() {
    return end;
  }

  /** Number of its own records and of these. */
  long recordsToEnd() {
    return records + appended;
  }

  long first() {
    return first;
  }

  long last() {
    return last;
  }

  long sentNs() {
    return sentNs;
  }

  int unacked() {
    return unacked;
  }

  boolean isDone() {
    return unacked == 0;
  }

  /** Bytes that count for those that are not acked. */
  long bytes() {
    return bytes;
  }

  RecordBatch batch() {
    return batch;
  }

  long offset(int place) {
    return batch.offset(from + place);
  }

  /** Index in {@link #batch}. */
  int index(int place) {
    return from + place;
  }

  /** Index in {@link #batch} of the record at this offset, which is not acked. */
  int indexOf(long offset) {
    return index(unackedPlace(offset));
  }

  /** Key of the record at this offset, which is not acked; null: it has none. */
  ByteBuffer key(long offset) {
    return batch.key(indexOf(offset));
  }

  /** Place of the record at this offset, where it is kept and not acked; else -1. */
  int unackedPlace(long offset) {
    if (isDone() || offset < first || offset > last) {
      return -1;
    }
    int place = place(offset);
    return place >= 0 && !isAcked(place) ? place : -1;
  }

  private int place(long offset) {
    if (size == last - first + 1) {
      return (int) (offset - first);
    }
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = offset(middle);
      if (found == offset) {
        return middle;
      } else if (found < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** The next place from this one on that is not acked; -1: none. */
  int nextUnacked(int place) {
    int next = acked == null ? place : acked.nextClearBit(place);
    return next < size && !isDone() ? next : -1;
  }

  private boolean isAcked(int place) {
    return acked != null && acked.get(place);
  }

  /**
   * Acks one that is not acked.
   *
   * @return bytes that count no more
   */
  long ack(int place) {
    if (acked == null) {
      acked = new BitSet(size);
    }
    acked.set(place);
    long freed = bytes / unacked;
    bytes -= freed;
    unacked--;
    if (place == head) {
      head = acked.nextClearBit(place);
    }
    return freed;
  }

  /**
   * Acks all of them.
   *
   * @return bytes that count no more
   */
  long ackAll() {
    long freed = bytes;
    bytes = 0;
    unacked = 0;
    return freed;
  }

  /** How many at its beginning are acked, while one is not. */
  int ackedPrefix() {
    return sentPlaces == null ? head : sentPlaces[head];
  }

  /** Offset of the last of the acked prefix; needs one. */
  long prefixEnd() {
    return offsetsBefore == null ? offset(head - 1) : offsetsBefore[head];
  }

  /** Has the records that are not acked in memory that has nothing else, from now on. */
  void copy() {
    if (isCopied) {
      return;
    }
    isCopied = true;
    var places = new int[unacked];
    int count = 0;
    for (int place = nextUnacked(0); place >= 0; place = nextUnacked(place + 1)) {
      places[count++] = place;
    }
    var before = new long[count];
    for (int i = 0; i < count; i++) {
      before[i] = places[i] == 0 ? first - 1 : offset(places[i] - 1);
    }
    var indexes = Arrays.stream(places).map(this::index).toArray();
    batch = new BatchSelection(batch, indexes).copyFrom(0);
    from = 0;
    size = count;
    head = 0;
    acked = null;
    sentPlaces = places;
    offsetsBefore = before;
  }
}
