package io.liiklus.server.inflight;

import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordBytes;
import io.liiklus.server.inflight.InflightMetrics.Wait;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * One assigned partition of a consumer: the records that are out, those that come again, and the
 * position to store. Confined to its owner.
 */
public final class InflightPartition implements AutoCloseable {

  /** Position before anything is acked. */
  public static final long NONE = PartitionWindow.NONE;

  private final PartitionWindow window;
  private final TrackedRecords tracked;
  private final UnackedBudget.Share share;
  private final PartitionReport report;

  /**
   * @param random from 0 to 1
   */
  public InflightPartition(
      WindowLimits limits,
      RetryRules rules,
      UnackedBudget.Share share,
      PartitionReport report,
      DoubleSupplier random) {
    this.window = new PartitionWindow(limits);
    this.tracked = new TrackedRecords(window, rules, random);
    this.share = share;
    this.report = report;
  }

  /** How many records the next reply may have; 0: the partition waits. */
  public int room() {
    if (tracked.retries().blocksPartition()) {
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
    if (!tracked.retries().blocksKeys()) {
      return batch.size() - from;
    }
    int index = from;
    while (index < batch.size() && !tracked.retries().blocks(batch.key(index))) {
      index++;
    }
    return index - from;
  }

  /** Has a record wait for one of its key, behind all that were sent or held. */
  public void hold(RecordBatch batch, int index, long nowNs) {
    long bytes = RecordBytes.of(batch.key(index), batch.value(index), batch.headers(index));
    window.add(batch, index, 1, bytes, nowNs);
    tracked.hold(batch, index, nowNs);
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
    if (tracked.wasSent(offset) && window.ack(offset)) {
      tracked.forget(offset);
      report();
    }
  }

  /** Acks all records that were sent, up to an offset. */
  public void ackUpTo(long offset) {
    if (tracked.isEmpty()) {
      window.ackUpTo(offset);
    } else {
      window.ackUpTo(offset, tracked::wasSent);
      tracked.forgetUpTo(offset);
    }
    report();
  }

  /**
   * Records could not be processed. Without effect on those that are not out.
   *
   * @param offsets rising
   */
  public void nack(List<Long> offsets, Nack nack, long nowNs) {
    if (nack.action() == Nack.Action.SKIP) {
      offsets.stream().filter(tracked::isOut).forEach(this::ack);
    } else {
      tracked.nack(offsets, nack, nowNs);
    }
    report();
  }

  /** A reply of records that are sent again. */
  public interface Reply {

    /** Returns false where it goes into the next reply. */
    boolean add(RecordBatch batch, int index, int attempts);
  }

  /** Whether a record is to be sent again now. */
  public boolean hasDue(long nowNs) {
    return tracked.retries().peek(nowNs) != null;
  }

  /** Adds records to the reply whose time has come. */
  public void resend(long nowNs, Reply reply) {
    tracked.resend(nowNs, reply);
    report();
  }

  /** The next record to be stored in the dead-letter topic; empty: none now. */
  public Optional<DeadLetter> pollDeadLetter(long nowNs) {
    return Optional.ofNullable(tracked.pollDeadLetter(nowNs));
  }

  /** A dead letter was stored, which acks the record, or could not be, and is tried again. */
  public void onDeadLetter(long offset, DeadLetter.Outcome outcome, long nowNs) {
    if (tracked.onDeadLetter(offset, outcome, nowNs)) {
      ack(offset);
    }
  }

  /** Time until a record is to be sent again; {@link Long#MAX_VALUE}: none is. */
  public long retryDelayNs(long nowNs) {
    return tracked.retries().delayNs(nowNs);
  }

  /** Time until a dead letter is to be stored; {@link Long#MAX_VALUE}: none is. */
  public long deadLetterDelayNs(long nowNs) {
    return tracked.deadLetters().delayNs(nowNs);
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

  /** How many runs of records are kept: no more than records that are not acked. */
  int runs() {
    return window.runs();
  }

  /** How many wait to come again. */
  public int waiting() {
    return tracked.retries().size();
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
    report.set(
        window.unacked(),
        window.unacked() == 0 ? 0 : window.oldestSentNs(),
        tracked.retries().size());
  }

  @Override
  public void close() {
    share.close();
    report.close();
  }
}
