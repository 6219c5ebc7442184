package io.liiklus.server.inflight;

import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordBytes;
import io.liiklus.server.inflight.InflightMetrics.Wait;
import io.liiklus.server.inflight.TrackedRecord.State;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongPredicate;

/**
 * One assigned partition of a consumer: the records that are out, those that come again, and the
 * position to store. Confined to its owner.
 */
public final class InflightPartition implements AutoCloseable {

  /** Position before anything is acked. */
  public static final long NONE = PartitionWindow.NONE;

  private final PartitionWindow window;
  private final RetryRules rules;
  private final RetryQueue retries;
  private final DeadLetterQueue dead = new DeadLetterQueue();
  private final UnackedBudget.Share share;
  private final InflightMetrics.Report report;
  private final DoubleSupplier random;

  /** Records that are not simply out for the first time, by offset. */
  private final TreeMap<Long, TrackedRecord> tracked = new TreeMap<>();

  /**
   * @param random from 0 to 1
   */
  public InflightPartition(
      WindowLimits limits,
      RetryRules rules,
      UnackedBudget.Share share,
      InflightMetrics.Report report,
      DoubleSupplier random) {
    this.window = new PartitionWindow(limits);
    this.rules = rules;
    this.retries = new RetryQueue(rules.order());
    this.share = share;
    this.report = report;
    this.random = random;
  }

  /** How many records the next reply may have; 0: the partition waits. */
  public int room() {
    if (retries.blocksPartition()) {
      return wait(Wait.RETRY);
    }
    if (window.isFull()) {
      return wait(Wait.UNACKED);
    }
    if (window.isTooFarAhead()) {
      return wait(Wait.AHEAD);
    }
    if (!share.mayRead()) {
      share.awaitRoom();
      return wait(Wait.MEMORY);
    }
    report.waitsFor(Wait.NOTHING);
    return window.room();
  }

  private int wait(Wait reason) {
    report.waitsFor(reason);
    return 0;
  }

  /** Whether too many records lie behind the stored position. */
  public boolean isTooFarAhead() {
    return window.isTooFarAhead();
  }

  /** How many bytes the next reply should have; it may always have one record. */
  public long byteRoom() {
    return window.byteRoom();
  }

  /** How many records from here on may be sent now; 0: the first has to be held. */
  public int sendable(RecordBatch batch, int from) {
    if (!retries.blocksKeys()) {
      return batch.size() - from;
    }
    int index = from;
    while (index < batch.size() && !retries.blocks(batch.key(index))) {
      index++;
    }
    return index - from;
  }

  /** Has a record wait for one of its key, behind all that were sent or held. */
  public void hold(RecordBatch batch, int index, long nowNs) {
    var key = batch.key(index);
    long bytes = RecordBytes.of(key, batch.value(index), batch.headers(index));
    window.add(batch, index, 1, bytes, nowNs);
    var record = track(batch.offset(index), 0);
    record.isNacked = true;
    record.dueNs = nowNs;
    retries.add(record, key);
    report();
  }

  /** Records were sent for the first time, behind all before them. */
  public void onSent(RecordBatch batch, int from, int records, long bytes, long nowNs) {
    window.add(batch, from, records, bytes, nowNs);
    report();
  }

  /** Goes past a record that cannot be sent, behind all that were. */
  public void pass(long offset) {
    window.pass(offset);
  }

  /** Acks one record. Without effect where it was not sent, or is acked. */
  public void ack(long offset) {
    var record = tracked.get(offset);
    if ((record == null || record.attempts > 0) && window.ack(offset)) {
      forget(record);
      report();
    }
  }

  /** Acks all records that were sent, up to an offset. */
  public void ackUpTo(long offset) {
    if (tracked.isEmpty()) {
      window.ackUpTo(offset);
    } else {
      LongPredicate wasSent =
          at -> {
            var record = tracked.get(at);
            return record == null || record.attempts > 0;
          };
      window.ackUpTo(offset, wasSent);
      for (var record : List.copyOf(tracked.headMap(offset, true).values())) {
        if (record.attempts > 0) {
          forget(record);
        }
      }
    }
    report();
  }

  private void forget(TrackedRecord record) {
    if (record == null) {
      return;
    }
    tracked.remove(record.offset);
    switch (record.state) {
      case WAITING -> retries.remove(record);
      case DEAD -> dead.remove(record);
      case OUT -> {}
    }
  }

  /**
   * Records could not be processed. Without effect on those that are not out.
   *
   * @param offsets rising
   */
  public void nack(List<Long> offsets, Nack nack, long nowNs) {
    // By key, or null for the partition: the first record that comes again.
    var first = new HashMap<ByteBuffer, Long>();
    for (long offset : offsets) {
      var run = window.runOf(offset);
      var record = tracked.get(offset);
      if (run == null || (record != null && record.state != State.OUT)) {
        continue;
      }
      int attempts = record == null ? 1 : record.attempts;
      switch (nack.action()) {
        case SKIP -> ack(offset);
        case DEAD_LETTER -> dead.add(track(offset, attempts), nack.reason(), nowNs);
        case RETRY -> {
          var key = rules.order() == RetryOrder.KEY ? run.key(offset) : null;
          boolean isOrdered = rules.order() == RetryOrder.PARTITION || key != null;
          if (isOrdered && first.containsKey(key)) {
            // The one before it takes it back.
            continue;
          }
          if (rules.isGivenUpAfter(attempts)) {
            dead.add(track(offset, attempts), nack.reason(), nowNs);
            continue;
          }
          if (isOrdered) {
            first.put(key, offset);
          }
          retry(track(offset, attempts), key, nack, nowNs);
        }
      }
    }
    takeBack(first, nowNs);
    report();
  }

  private void retry(TrackedRecord record, ByteBuffer key, Nack nack, long nowNs) {
    record.isNacked = true;
    long delayNs = nack.delayNs().orElseGet(() -> rules.backoffNs(record.attempts, random));
    record.dueNs = nowNs + delayNs;
    retries.add(record, key);
  }

  /** Has those that are out wait behind an earlier record of their key, or of the partition. */
  private void takeBack(Map<ByteBuffer, Long> first, long nowNs) {
    if (first.isEmpty()) {
      return;
    }
    long lowest = first.values().stream().mapToLong(Long::longValue).min().getAsLong();
    boolean isOfPartition = rules.order() == RetryOrder.PARTITION;
    window.visitBehind(
        lowest,
        (batch, index, offset) -> {
          var key = isOfPartition ? null : batch.key(index);
          var behind = isOfPartition || key != null ? first.get(key) : null;
          if (behind == null || offset <= behind) {
            return;
          }
          var known = tracked.get(offset);
          if (known == null || known.state == State.OUT) {
            var record = known == null ? track(offset, 1) : known;
            record.isNacked = false;
            record.dueNs = nowNs;
            retries.add(record, key);
          }
        });
  }

  private TrackedRecord track(long offset, int attempts) {
    return tracked.computeIfAbsent(offset, at -> new TrackedRecord(at, attempts));
  }

  /** A reply of records that are sent again. */
  public interface Reply {

    /** Returns false where it goes into the next reply. */
    boolean add(RecordBatch batch, int index, int attempts);
  }

  /** Whether a record is to be sent again now. */
  public boolean hasDue(long nowNs) {
    return retries.peek(nowNs) != null;
  }

  /** Adds records to the reply whose time has come. */
  public void resend(long nowNs, Reply reply) {
    for (var record = retries.peek(nowNs); record != null; record = retries.peek(nowNs)) {
      var run = window.runOf(record.offset);
      int attempts = record.attempts + (record.isNacked ? 1 : 0);
      if (!reply.add(run.batch(), run.indexOf(record.offset), attempts)) {
        break;
      }
      retries.remove(record);
      record.state = State.OUT;
      record.attempts = attempts;
      record.isNacked = false;
      if (attempts == 1) {
        tracked.remove(record.offset);
      }
    }
    report();
  }

  /** The next record to be stored in the dead-letter topic; empty: none now. */
  public Optional<DeadLetter> pollDeadLetter(long nowNs) {
    var record = dead.poll(nowNs);
    if (record == null) {
      return Optional.empty();
    }
    var run = window.runOf(record.offset);
    int index = run.indexOf(record.offset);
    return Optional.of(
        new DeadLetter(run.batch(), index, record.offset, record.attempts, record.reason));
  }

  /** A dead letter was stored, which acks the record, or could not be, and is tried again. */
  public void onDeadLetter(long offset, boolean isStored, long nowNs) {
    dead.arrived();
    var record = tracked.get(offset);
    if (record == null || record.state != State.DEAD) {
      // It was acked meanwhile.
      return;
    }
    if (isStored) {
      ack(offset);
    } else {
      dead.retry(record, nowNs);
    }
  }

  /** Time until a record is to be sent again; {@link Long#MAX_VALUE}: none is. */
  public long retryDelayNs(long nowNs) {
    return retries.delayNs(nowNs);
  }

  /** Time until a dead letter is to be stored; {@link Long#MAX_VALUE}: none is. */
  public long deadLetterDelayNs(long nowNs) {
    return dead.delayNs(nowNs);
  }

  /** How many records are not acked. */
  public int unacked() {
    return window.unacked();
  }

  /** Bytes that count for them. */
  public long bytes() {
    return window.bytes();
  }

  /** Records, acked or not, behind the stored position. */
  public long ahead() {
    return window.ahead();
  }

  /** How many wait to come again. */
  public int waiting() {
    return retries.size();
  }

  /** The position to store; {@link #NONE}: nothing is acked. */
  public long position() {
    return window.position();
  }

  /** What {@link #onStored} is to be called with, once this position is stored. */
  public long passed() {
    return window.passed();
  }

  public void onStored(long passed) {
    window.onStored(passed);
  }

  /** Copies what is kept since before this time into memory of its own. */
  public void copyOlderThan(long limitNs) {
    window.copyOlderThan(limitNs);
  }

  private void report() {
    share.set(window.bytes());
    report.set(window.unacked(), window.unacked() == 0 ? 0 : window.oldestSentNs(), retries.size());
  }

  @Override
  public void close() {
    share.close();
    report.close();
  }
}
