package io.liiklus.storage.pulsar;

import io.liiklus.api.Offsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offsets of message ids, and back. Thread-safe.
 *
 * <pre>
 *   record   bit 62 set | ledger 30 bits | entry 22 bits | index in the batch 10 bits
 *   entry    ledger | entry 28 bits, as the original liiklus; below 2^62
 * </pre>
 *
 * Ledgers of a partition rise, so offsets do, in both; and each tells which of the two it is.
 */
final class PulsarOffsets {

  /** Records of one batch that have offsets. */
  static final int MAX_BATCH = 1 << 10;

  private static final long MARK = 1L << 62;
  private static final int BATCH_BITS = 10;
  private static final int LEDGER_SHIFT = 32;
  private static final long MAX_LEDGER = 1L << 30;
  private static final long MAX_ENTRY = 1L << 22;
  private static final int OLD_SHIFT = 28;
  private static final long OLD_MAX_LEDGER = 1L << 34;
  private static final long OLD_MAX_ENTRY = 1L << OLD_SHIFT;

  private static final Logger log = LoggerFactory.getLogger(PulsarOffsets.class);

  private final boolean isOfEntries;
  private final AtomicBoolean isWarned = new AtomicBoolean();

  /** Place of a record. Immutable. */
  private record Place(long ledger, long entry, int batchIndex) {}

  /**
   * @param isOfEntries whether records are numbered as by the original
   */
  PulsarOffsets(boolean isOfEntries) {
    this.isOfEntries = isOfEntries;
  }

  /** {@link Offsets#UNKNOWN} where {@link #limit} says why it has none. */
  long of(MessageIdAdv id) {
    if (limit(id) != null) {
      return Offsets.UNKNOWN;
    }
    long maxLedger = isOfEntries ? OLD_MAX_LEDGER : MAX_LEDGER;
    long maxEntry = isOfEntries ? OLD_MAX_ENTRY : MAX_ENTRY;
    boolean isNear = id.getLedgerId() >= maxLedger / 2 || id.getEntryId() >= maxEntry / 2;
    if (isNear && isWarned.compareAndSet(false, true)) {
      log.warn(
          "half of the numbers that an offset has room for are used, ledger={} of {} entry={} of {}"
              + " (roll ledgers over sooner: managedLedgerMinLedgerRolloverTimeMinutes or"
              + " managedLedgerMaxEntriesPerLedger of the brokers)",
          id.getLedgerId(),
          maxLedger,
          id.getEntryId(),
          maxEntry);
    }
    return encode(new Place(id.getLedgerId(), id.getEntryId(), Math.max(0, id.getBatchIndex())));
  }

  /** The offset of the first record of the entry that the id is in. */
  long ofEntry(MessageIdAdv id) {
    return of(new MessageIdImpl(id.getLedgerId(), id.getEntryId(), id.getPartitionIndex()));
  }

  private long encode(Place place) {
    return isOfEntries
        ? place.ledger << OLD_SHIFT | place.entry
        : MARK | place.ledger << LEDGER_SHIFT | place.entry << BATCH_BITS | place.batchIndex;
  }

  private static Place decode(long offset) {
    if (offset < MARK) {
      return new Place(offset >>> OLD_SHIFT, offset & (OLD_MAX_ENTRY - 1), 0);
    }
    long number = offset & ~MARK;
    return new Place(
        number >>> LEDGER_SHIFT,
        number >>> BATCH_BITS & (MAX_ENTRY - 1),
        (int) (number & (MAX_BATCH - 1)));
  }

  /** Why a record has no offset, and what to do about it; null where it has one. */
  String limit(MessageIdAdv id) {
    if (isOfEntries && id.getBatchSize() > 1) {
      return "it is one of a batch, and pulsar.offsets = entry has one number for all of it"
          + " (set pulsar.offsets = record)";
    }
    boolean isOver =
        isOfEntries
            ? id.getLedgerId() >= OLD_MAX_LEDGER || id.getEntryId() >= OLD_MAX_ENTRY
            : id.getLedgerId() >= MAX_LEDGER || id.getEntryId() >= MAX_ENTRY;
    if (isOver) {
      return "an offset has no room for ledger %d and entry %d (roll ledgers over sooner: %s)"
          .formatted(
              id.getLedgerId(),
              id.getEntryId(),
              "managedLedgerMaxEntriesPerLedger of the brokers, at most "
                  + (isOfEntries ? OLD_MAX_ENTRY : MAX_ENTRY));
    }
    return !isOfEntries && id.getBatchIndex() >= MAX_BATCH
        ? "a batch has %d records, of which the first %d have offsets (set %s of the producer)"
            .formatted(id.getBatchSize(), MAX_BATCH, "batchingMaxMessages to at most " + MAX_BATCH)
        : null;
  }

  /** The last offset of the entry: behind it, what is over the limit is passed over. */
  static long lastOfEntry(long offset) {
    return offset < MARK ? offset : offset | (MAX_BATCH - 1);
  }

  /** The offset by which this numbering names what either of the two does. */
  long canonical(long offset) {
    boolean isOurs = isOfEntries == offset < MARK;
    if (offset == 0 || isOurs) {
      return offset;
    }
    var place = decode(offset);
    if (isOfEntries) {
      // Behind the first record of an entry the entry was read.
      return encode(new Place(place.ledger, place.entry + (place.batchIndex > 0 ? 1 : 0), 0));
    }
    // Where it does not fit, records come again rather than not at all.
    long ledger = Math.min(place.ledger, MAX_LEDGER - 1);
    return encode(new Place(ledger, Math.min(place.entry, MAX_ENTRY - 1), 0));
  }

  /** Where a reader opens, inclusively, that is to read from an offset of this numbering on. */
  static MessageId start(long offset) {
    if (offset == 0) {
      return MessageId.earliest;
    }
    var place = decode(offset);
    return new MessageIdImpl(place.ledger, place.entry, -1);
  }

  static long ledger(long offset) {
    return decode(offset).ledger;
  }

  /** Whether the id is before the entry of the offset. */
  static boolean isBefore(MessageIdAdv id, long offset) {
    var place = decode(offset);
    return id.getLedgerId() < place.ledger
        || (id.getLedgerId() == place.ledger && id.getEntryId() < place.entry);
  }
}
