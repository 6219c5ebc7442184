package io.liiklus.storage.pulsar;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.read.FetchOutcome;
import io.liiklus.storage.read.FetchPosition;
import io.liiklus.storage.read.LogId;
import io.liiklus.storage.read.StoredBatch;
import io.liiklus.storage.read.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Reader;

/**
 * Reading of one partition from one offset on, by one reader of the client. Confined to the thread
 * of its {@link PulsarLogReader}; what it waits for notifies that.
 *
 * <p>Pulsar moves a reader whose place is gone to the first record that is there, and says nothing.
 * So the range is looked at before the reader opens, and again where it comes to another ledger
 * without having been at the end: the rest of the ledger may have been removed unread.
 */
final class PartitionCursor {

  private static final int MAX_RECORDS = 500;
  private static final long MAX_BYTES = 512 * 1024;
  private static final long UNKNOWN_LAG = -1;
  private static final long NO_LEDGER = -1;

  /** A reader that has nothing for so long is at the end, whatever the range says. */
  private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(1);

  private final PulsarLogs logs;
  private final LogId log;
  private final boolean waitsAtEnd;
  private final Runnable waiter;
  private final CompletableFuture<Reader<byte[]>> opening;

  private String partition;
  private Reader<byte[]> reader;
  private long next;
  private long end;
  private boolean isFirst = true;

  /** That of the record before, or of the offset that was sought. */
  private long ledger;

  private boolean wasAtEnd;
  private long quietSinceNs;

  /** The next message, asked for; null: not asked for. */
  private CompletableFuture<Message<byte[]>> coming;

  /** The next message, which waits for a look at the range; null: none. */
  private Message<byte[]> held;

  private CompletableFuture<OffsetRange> look;

  private FetchOutcome trouble;

  private boolean isOver;

  PartitionCursor(PulsarLogs logs, LogId log, long from, boolean waitsAtEnd, Runnable waiter) {
    this.logs = logs;
    this.log = log;
    this.next = from;
    this.ledger = from == 0 ? NO_LEDGER : PulsarOffsets.ledger(from);
    this.waitsAtEnd = waitsAtEnd;
    this.waiter = waiter;
    this.opening =
        logs.pulsar()
            .partition(log.topic(), log.partition())
            .thenCompose(this::open)
            .toCompletableFuture();
    notifyOf(opening);
  }

  /** Null in place of a reader where the log does not have the offset. */
  private CompletableFuture<Reader<byte[]>> open(String name) {
    long from = next;
    partition = name;
    return logs.probes()
        .range(name)
        .toCompletableFuture()
        .thenCompose(
            range -> {
              end = range.end();
              boolean isThere = from == 0 || end == 0 || range.canResumeAt(from);
              return isThere
                  ? logs.pulsar().open(name, PulsarOffsets.start(from), logs.receiverQueueSize())
                  : CompletableFuture.completedFuture(null);
            });
  }

  private void notifyOf(CompletableFuture<?> awaited) {
    var unused = awaited.whenComplete((done, failure) -> waiter.run());
  }

  /** Where it reads on. */
  long next() {
    return next;
  }

  /** Whether it has answered what it ended by, and is of no more use. */
  boolean isOver() {
    return isOver;
  }

  /** Null where there is nothing for now. */
  FetchOutcome fetch() {
    if (trouble != null) {
      return end(trouble);
    }
    if (!opening.isDone()) {
      return null;
    }
    try {
      if (reader == null) {
        reader = opening.join();
        if (reader == null) {
          return end(outOfRange());
        }
      }
      var records = new ArrayList<StoredRecord>();
      collect(records);
      if (!records.isEmpty()) {
        return new FetchOutcome.Records(
            log,
            new StoredBatch(records.toArray(StoredRecord[]::new)),
            FetchPosition.named(next),
            UNKNOWN_LAG);
      }
      if (trouble != null) {
        return end(trouble);
      }
      return held != null ? null : atEnd();
    } catch (PulsarClientException | RuntimeException failure) {
      return end(outcome(logs.pulsar().failure(failure)));
    }
  }

  private FetchOutcome end(FetchOutcome outcome) {
    trouble = outcome;
    isOver = true;
    return outcome;
  }

  private FetchOutcome outOfRange() {
    return new FetchOutcome.OutOfRange(log, next, FetchOutcome.NOT_CUT);
  }

  private FetchOutcome outcome(StorageException failure) {
    return switch (failure.kind()) {
      case REFUSED, PRECONDITION, INTERNAL -> new FetchOutcome.Refused(failure);
      case DATA_LOSS ->
          new FetchOutcome.Unreadable(log, next, failure.getMessage(), failure.getCause());
      default -> new FetchOutcome.Away(failure, false);
    };
  }

  /** A trouble that it meets is kept, for the fetch behind these records. */
  private void collect(List<StoredRecord> records) throws PulsarClientException {
    long bytes = 0;
    while (records.size() < MAX_RECORDS && bytes < MAX_BYTES && trouble == null) {
      var message = poll();
      if (message == null || !mayPass(message)) {
        return;
      }
      var record = record(message);
      if (record != null) {
        records.add(record);
        bytes += record.bytes();
        next = Offsets.next(record.offset());
      }
    }
  }

  private Message<byte[]> poll() throws PulsarClientException {
    if (held != null) {
      var message = held;
      held = null;
      return message;
    }
    if (coming != null) {
      if (!coming.isDone()) {
        return null;
      }
      var message = coming.join();
      coming = null;
      return message;
    }
    var message = reader.readNext(0, TimeUnit.MILLISECONDS);
    if (message == null) {
      // At the end of the log it has seen all that came before, as far as the tail can tell.
      wasAtEnd |= waitsAtEnd;
      coming = reader.readNextAsync();
      quietSinceNs = System.nanoTime();
      notifyOf(coming);
    }
    return message;
  }

  /** Whether nothing was removed between the record before and this one; else it is held. */
  private boolean mayPass(Message<byte[]> message) {
    var id = (MessageIdAdv) message.getMessageId();
    boolean isFollowing = ledger == NO_LEDGER || id.getLedgerId() == ledger || wasAtEnd;
    if (!isFollowing && look == null) {
      look = logs.probes().newRange(partition).toCompletableFuture();
      notifyOf(look);
    }
    if (!isFollowing && !look.isDone()) {
      held = message;
      return false;
    }
    if (!isFollowing) {
      long start = look.join().start();
      look = null;
      if (start != 0 && PulsarOffsets.ledger(next) < PulsarOffsets.ledger(start)) {
        trouble = outOfRange();
        return false;
      }
    }
    ledger = id.getLedgerId();
    wasAtEnd = false;
    return true;
  }

  /** Null where it comes before the offset that was sought, or cannot be read. */
  private StoredRecord record(Message<byte[]> message) {
    var id = (MessageIdAdv) message.getMessageId();
    long offset = logs.offsets().of(id);
    if (offset == Offsets.UNKNOWN) {
      var reason = logs.offsets().limit(id);
      trouble = unreadable(PulsarOffsets.lastOfEntry(Offsets.previous(next)), reason);
      return null;
    }
    if (isFirst && PulsarOffsets.isBefore(id, next)) {
      // The broker began elsewhere: the log has no such place.
      trouble = outOfRange();
      return null;
    }
    isFirst = false;
    if (offset < next) {
      return null;
    }
    if (message.getEncryptionCtx().isPresent()) {
      trouble = unreadable(offset, "it is encrypted, and the gateway has no keys");
      return null;
    }
    return MessageCodec.read(offset, message);
  }

  private FetchOutcome unreadable(long offset, String reason) {
    return new FetchOutcome.Unreadable(log, Math.max(0, offset), reason, null);
  }

  private FetchOutcome atEnd() {
    if (reader.hasReachedEndOfTopic()) {
      return end(new FetchOutcome.Ended(log));
    }
    long quietNs = System.nanoTime() - quietSinceNs;
    if (!reader.isConnected() && quietNs >= QUIET_NS) {
      var text = "Pulsar does not serve %s now".formatted(partition);
      return new FetchOutcome.Away(new StorageException(Kind.UNAVAILABLE, text), false);
    }
    if (waitsAtEnd) {
      return null;
    }
    if (look == null && next >= end) {
      look = logs.probes().range(partition).toCompletableFuture();
      notifyOf(look);
      return null;
    }
    if (look != null && look.isDone()) {
      end = look.join().end();
      look = null;
      wasAtEnd = next >= end;
    }
    boolean isQuiet = next < end && quietNs >= QUIET_NS;
    return wasAtEnd || isQuiet
        ? new FetchOutcome.Records(log, null, FetchPosition.named(next), 0)
        : null;
  }

  void close() {
    var unused =
        opening.thenAccept(
            opened -> {
              if (opened != null) {
                PulsarConnection.close(opened);
              }
            });
  }
}
