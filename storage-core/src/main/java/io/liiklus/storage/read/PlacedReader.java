package io.liiklus.storage.read;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Reader of one log at a time, with its place there; opened when it is needed. Confined to the
 * thread of its {@link CatchUpReader}, but for {@link #wakeUp}.
 */
final class PlacedReader {

  private final LogReaders readers;

  // Any thread.
  private volatile LogReader reader;
  private volatile boolean isFetching;

  // The thread's own.
  private LogId log;
  private FetchPosition position;

  PlacedReader(LogReaders readers) {
    this.readers = readers;
  }

  /** The log that the reader was last assigned; null: none. */
  LogId log() {
    return log;
  }

  /** Position in that log; null where it is to be sought. */
  FetchPosition position() {
    return position;
  }

  /**
   * Opens the reader, unless it is open.
   *
   * @throws io.liiklus.api.StorageException where none can be opened now
   */
  void open() {
    if (reader == null) {
      reader = readers.openBehind();
    }
  }

  /** Goes to a position of a log, unless it is there. */
  void place(LogId wanted, FetchPosition at) {
    if (!wanted.equals(log)) {
      log = wanted;
      position = null;
      reader.assign(List.of(log));
    }
    if (!at.equals(position)) {
      reader.seek(log, at);
      position = at;
    }
  }

  /**
   * Fetches where it stands.
   *
   * @param wait the longest wait; requested once {@link #wakeUp} would end the fetch
   */
  List<FetchOutcome> fetch(Supplier<Duration> wait) {
    try {
      isFetching = true;
      return reader.fetch(wait.get());
    } finally {
      isFetching = false;
    }
  }

  /** Ends the fetch that waits. Any thread. */
  void wakeUp() {
    var fetching = reader;
    if (isFetching && fetching != null) {
      fetching.wakeUp();
    }
  }

  /** Takes what was fetched up to a position. */
  void advance(FetchPosition next) {
    position = next;
  }

  /** Has the next fetch seek its position, whatever was fetched last. */
  void forgetPosition() {
    position = null;
  }

  /** Reads no log any more, and drops the fetches ahead. */
  void leave() {
    if (log != null) {
      log = null;
      position = null;
      reader.assign(List.of());
    }
  }

  void close() {
    var closed = reader;
    reader = null;
    log = null;
    position = null;
    if (closed != null) {
      closed.close();
    }
  }
}
