package io.liiklus.storage.read;

import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Reader of some logs, in no group: the part that a storage implements so that groups can share its
 * fetches. Confined to one thread, but for {@link #wakeUp}.
 *
 * <p>A reader keeps its place: a fetch goes on behind the one before, however often the set of logs
 * changes around a log. It throws nothing that a log or a server is at fault for.
 */
public interface LogReader extends AutoCloseable {

  /**
   * The logs to read from now on. A new one is sought before the next fetch. Fetches ahead of a log
   * that is missing here are dropped.
   */
  void assign(Collection<LogId> logs);

  /** The next records of the log begin at or behind the position; earlier fetches are dropped. */
  void seek(LogId log, FetchPosition position);

  /**
   * Waits for records of any of the logs. Empty where none came, or {@link #wakeUp} was called.
   *
   * @param wait the longest wait; zero: takes the records that are there
   */
  List<FetchOutcome> fetch(Duration wait);

  /** Ends the fetch that waits, or the next one. Any thread. */
  void wakeUp();

  /** Closes within the bound of the storage. Throws nothing. */
  @Override
  void close();
}
