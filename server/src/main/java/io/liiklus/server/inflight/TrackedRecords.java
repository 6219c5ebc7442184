package io.liiklus.server.inflight;

import io.liiklus.api.RecordBatch;
import io.liiklus.server.inflight.TrackedRecord.State;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/**
 * Records of a window that are not simply out for the first time: nacked, taken back, held, sent
 * again, given up. Where all goes well there are none. Confined to its partition's owner.
 */
final class TrackedRecords {

  private final PartitionWindow window;
  private final RetryRules rules;
  private final DoubleSupplier random;
  private final RetryQueue retries;
  private final DeadLetterQueue dead = new DeadLetterQueue();

  /** By offset. */
  private final TreeMap<Long, TrackedRecord> tracked = new TreeMap<>();

  TrackedRecords(PartitionWindow window, RetryRules rules, DoubleSupplier random) {
    this.window = window;
    this.rules = rules;
    this.random = random;
    this.retries = new RetryQueue(rules.order());
  }

  RetryQueue retries() {
    return retries;
  }

  DeadLetterQueue deadLetters() {
    return dead;
  }

  boolean isEmpty() {
    return tracked.isEmpty();
  }

  /** Whether a record of the window was sent, and not only held. */
  boolean wasSent(long offset) {
    var record = tracked.get(offset);
    return record == null || record.attempts > 0;
  }

  /** Whether the client has the record, and has said nothing of it since it was sent. */
  boolean isOut(long offset) {
    var record = tracked.get(offset);
    return window.runOf(offset) != null && (record == null || record.state == State.OUT);
  }

  /** Has a record of the window wait that was not sent. */
  void hold(RecordBatch batch, int index, long nowNs) {
    var record = track(batch.offset(index), 0);
    record.isNacked = true;
    record.dueNs = nowNs;
    retries.add(record, batch.key(index));
  }

  /** A record is acked. */
  void forget(long offset) {
    var record = tracked.remove(offset);
    if (record == null) {
      return;
    }
    switch (record.state) {
      case WAITING -> retries.remove(record);
      case DEAD -> dead.remove(record);
      case OUT -> {}
    }
  }

  /** Those that were sent are acked, up to an offset. */
  void forgetUpTo(long offset) {
    List.copyOf(tracked.headMap(offset, true).keySet()).stream()
        .filter(this::wasSent)
        .forEach(this::forget);
  }

  /**
   * Records could not be processed, and are to be sent again or given up. Without effect on those
   * that are not out.
   *
   * @param offsets rising
   */
  void nack(List<Long> offsets, Nack nack, long nowNs) {
    // By key, or null for the partition: the first record that comes again.
    var first = new HashMap<ByteBuffer, Long>();
    for (long offset : offsets) {
      if (isOut(offset)) {
        nack(offset, nack, nowNs, first);
      }
    }
    takeBack(first, nowNs);
  }

  private void nack(long offset, Nack nack, long nowNs, Map<ByteBuffer, Long> first) {
    var known = tracked.get(offset);
    int attempts = known == null ? 1 : known.attempts;
    if (nack.action() == Nack.Action.DEAD_LETTER) {
      dead.add(track(offset, attempts), nack.reason(), nowNs);
      return;
    }
    var key = rules.order() == RetryOrder.KEY ? window.runOf(offset).key(offset) : null;
    boolean isOrdered = rules.order() == RetryOrder.PARTITION || key != null;
    if (isOrdered && first.containsKey(key)) {
      // The one before it takes it back.
      return;
    }
    if (rules.isGivenUpAfter(attempts)) {
      dead.add(track(offset, attempts), nack.reason(), nowNs);
      return;
    }
    if (isOrdered) {
      first.put(key, offset);
    }
    retry(track(offset, attempts), key, nack, nowNs);
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

  /** Adds records to the reply whose time has come. */
  void resend(long nowNs, InflightPartition.Reply reply) {
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
  }

  /** The next dead letter, which is on its way now; null: none. */
  DeadLetter pollDeadLetter(long nowNs) {
    var record = dead.poll(nowNs);
    if (record == null) {
      return null;
    }
    var run = window.runOf(record.offset);
    int index = run.indexOf(record.offset);
    return new DeadLetter(run.batch(), index, record.offset, record.attempts, record.reason);
  }

  /** A dead letter was stored or not. Returns whether the record is to be acked. */
  boolean onDeadLetter(long offset, DeadLetter.Outcome outcome, long nowNs) {
    dead.arrived();
    var record = tracked.get(offset);
    if (record == null || record.state != State.DEAD) {
      // It was acked meanwhile.
      return false;
    }
    switch (outcome) {
      case STORED -> {}
      case FAILED -> dead.retry(record, nowNs);
      case NO_ROOM -> dead.holdUp(record, nowNs);
    }
    return outcome == DeadLetter.Outcome.STORED;
  }
}
