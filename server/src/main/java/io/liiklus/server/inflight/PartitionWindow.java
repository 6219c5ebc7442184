package io.liiklus.server.inflight;

import io.liiklus.api.RecordBatch;
import java.util.TreeMap;
import java.util.function.LongPredicate;

/**
 * Records of one partition from when they were sent until everything up to them is acked and
 * stored. Confined to its owner.
 *
 * <p>The position to store is the last record before the first that is not acked. It only rises.
 *
 * <p>A run is kept for the records in it that are not acked. One whose records are all acked is
 * counted as a part of the run before it, and no longer kept. So there are no more runs than
 * records that are not acked, however many lie behind the position.
 */
final class PartitionWindow {

  /** Position of a window in which nothing is acked. */
  static final long NONE = Long.MIN_VALUE;

  /** Visitor of records that are not acked. */
  interface Visitor {
    void visit(RecordBatch batch, int index, long offset);
  }

  private final WindowLimits limits;

  /** By the offset of their first record; each has records that are not acked. */
  private final TreeMap<Long, SentRun> runs = new TreeMap<>();

  /** Offset of the last record before these runs. */
  private long lastDone = NONE;

  private int unacked;
  private long bytes;

  // Numbers of records, since the window began.
  private long added;
  private long takenOff;
  private long stored;

  PartitionWindow(WindowLimits limits) {
    this.limits = limits;
  }

  /** How many records are not acked. */
  int unacked() {
    return unacked;
  }

  /** Bytes that count for those that are not acked. */
  long bytes() {
    return bytes;
  }

  /** Records, acked or not, behind the stored position. */
  long ahead() {
    return added - stored;
  }

  boolean isTooFarAhead() {
    return ahead() >= limits.maxAhead();
  }

  boolean isFull() {
    return unacked >= limits.maxRecords() || (unacked > 0 && bytes >= limits.maxBytes());
  }

  /** How many records the next reply may have; 0: none may be sent. */
  int room() {
    if (isFull() || isTooFarAhead()) {
      return 0;
    }
    long records = Math.min(limits.maxRecords() - (long) unacked, limits.maxAhead() - ahead());
    return (int) records;
  }

  /** How many bytes the next reply should have; it may always have one record. */
  long byteRoom() {
    return Math.max(0, limits.maxBytes() - bytes);
  }

  /** Records are sent, or held back, behind all before them. */
  void add(RecordBatch batch, int from, int records, long size, long nowNs) {
    var run = new SentRun(batch, from, records, size, nowNs);
    runs.put(run.first(), run);
    unacked += records;
    bytes += size;
    added += records;
  }

  /** Goes past an offset that cannot be sent, behind all that were. */
  void pass(long offset) {
    added++;
    var last = runs.lastEntry();
    settle(last == null ? null : last.getValue(), offset, 1);
  }

  /** The run with the record at this offset, where that is not acked; else null. */
  SentRun runOf(long offset) {
    var run = find(offset);
    return run != null && run.unackedPlace(offset) >= 0 ? run : null;
  }

  private SentRun find(long offset) {
    var found = runs.floorEntry(offset);
    return found == null ? null : found.getValue();
  }

  /** Visits those behind an offset that are not acked, in order. They stay as they are. */
  void visitBehind(long offset, Visitor visitor) {
    var holding = runs.floorKey(offset);
    var tail = holding == null ? runs : runs.tailMap(holding, true);
    for (var run : tail.values()) {
      for (int place = run.nextUnacked(0); place >= 0; place = run.nextUnacked(place + 1)) {
        long at = run.offset(place);
        if (at > offset) {
          visitor.visit(run.batch(), run.index(place), at);
        }
      }
    }
  }

  /** Acks the record at this offset. False where it is none of these, or acked. */
  boolean ack(long offset) {
    var run = find(offset);
    int place = run == null ? -1 : run.unackedPlace(offset);
    if (place < 0) {
      return false;
    }
    bytes -= run.ack(place);
    unacked--;
    if (run.isDone()) {
      runs.remove(run.first());
      var before = runs.lowerEntry(run.first());
      settle(before == null ? null : before.getValue(), run.end(), run.recordsToEnd());
    }
    return true;
  }

  /** Acks all up to an offset. */
  void ackUpTo(long offset) {
    ackUpTo(offset, null);
  }

  /** Acks those up to an offset that the filter lets pass; null: all. */
  void ackUpTo(long offset, LongPredicate isAcked) {
    SentRun before = null;
    for (var each = runs.headMap(offset, true).values().iterator(); each.hasNext(); ) {
      var run = each.next();
      if (isAcked == null && run.last() <= offset) {
        unacked -= run.unacked();
        bytes -= run.ackAll();
      } else {
        ackWithin(run, offset, isAcked);
      }
      if (run.isDone()) {
        each.remove();
        settle(before, run.end(), run.recordsToEnd());
      } else {
        before = run;
      }
    }
  }

  private void ackWithin(SentRun run, long offset, LongPredicate isAcked) {
    int place = run.nextUnacked(0);
    while (place >= 0 && run.offset(place) <= offset) {
      if (isAcked == null || isAcked.test(run.offset(place))) {
        bytes -= run.ack(place);
        unacked--;
      }
      place = run.nextUnacked(place + 1);
    }
  }

  /** Counts acked records to the run before them; null: none is, so that the position passes. */
  private void settle(SentRun before, long end, long records) {
    if (before != null) {
      before.append(end, records);
    } else {
      lastDone = end;
      takenOff += records;
    }
  }

  /** The position to store; {@link #NONE}: nothing is acked. */
  long position() {
    var first = runs.firstEntry();
    return first == null || first.getValue().ackedPrefix() == 0
        ? lastDone
        : first.getValue().prefixEnd();
  }

  /** How many records the {@link #position} has passed; for {@link #onStored}. */
  long passed() {
    var first = runs.firstEntry();
    return takenOff + (first == null ? 0 : first.getValue().ackedPrefix());
  }

  /** A position is stored that had passed so many records. */
  void onStored(long passed) {
    stored = Math.max(stored, passed);
  }

  /** When the first that is not acked was sent. Needs one. */
  long oldestSentNs() {
    return runs.firstEntry().getValue().sentNs();
  }

  /** Copies the records that are kept since before this time. */
  void copyOlderThan(long limitNs) {
    for (var run : runs.values()) {
      if (run.sentNs() - limitNs > 0) {
        return;
      }
      run.copy();
    }
  }

  /** How many runs are kept. */
  int runs() {
    return runs.size();
  }
}
