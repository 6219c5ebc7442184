package io.liiklus.storage.read;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;

/** Result of a fetch of a {@link LogReader}. Immutable. */
public sealed interface FetchOutcome {

  /** A log that could not be cut at the offset that was asked for. */
  long NOT_CUT = -1;

  /** An outcome for one log; the others are not concerned. */
  sealed interface OfLog extends FetchOutcome {
    LogId log();
  }

  /**
   * The log from where the fetch began up to another position.
   *
   * @param batch null where readers see nothing up to there, as with markers of transactions
   * @param next where the next fetch begins, which may lie behind the last record
   * @param lag records between there and the end of the log; 0: the end, for now; -1: not known
   */
  record Records(LogId log, FetchedBatch batch, FetchPosition next, long lag) implements OfLog {

    public boolean isAtEnd() {
      return lag == 0;
    }
  }

  /**
   * The log does not have the offset.
   *
   * @param cutAt where the log was cut, if that is why; else {@link #NOT_CUT}
   */
  record OutOfRange(LogId log, long offset, long cutAt) implements OfLog {}

  /** The log has ended for good, and nothing will ever follow where the fetch began. */
  record Ended(LogId log) implements OfLog {

    StorageException failure() {
      return new StorageException(Kind.ENDED, "partition " + log.partition() + " has ended");
    }
  }

  /**
   * The record at the offset is damaged.
   *
   * @param reason for a person
   */
  record Unreadable(LogId log, long offset, String reason, Throwable cause) implements OfLog {

    StorageException failure() {
      var text = "the record at partition=%d offset=%d cannot be read: %s";
      return StorageException.unreadable(
          offset, text.formatted(log.partition(), offset, reason), cause);
    }
  }

  /**
   * The storage is away; reading goes on where it was once it is back.
   *
   * @param isLogged whether the storage has logged it
   */
  record Away(StorageException reason, boolean isLogged) implements FetchOutcome {}

  /** The reader has lost its place: each log is to be sought again. */
  record PlaceLost() implements FetchOutcome {}

  /** The machine is at fault, as by a lack of memory; the records are to be fetched again. */
  record MachineFault(Throwable cause) implements FetchOutcome {}

  /** Refused for good, or by a fault of the gateway. */
  record Refused(StorageException reason) implements FetchOutcome {}
}
