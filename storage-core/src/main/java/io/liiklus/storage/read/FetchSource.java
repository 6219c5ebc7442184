package io.liiklus.storage.read;

import io.liiklus.api.Offsets;
import io.liiklus.storage.read.FetchState.Event;

/**
 * State machine of {@link FetchState}, with the position at which one partition of one group reads
 * on. An event that does not concern the state, or belongs to an earlier seek, is dropped. Confined
 * to the lock of its {@link PartitionFetcher}, but for {@link #state} and {@link #position}, which
 * any thread may call.
 */
final class FetchSource {

  private final PartitionFetcher fetcher;
  private final LogId log;
  private final SharedReading reading;
  private final PrefetchingReader reader;

  // Any thread.
  private volatile FetchState state = FetchState.STOPPED;
  private volatile FetchPosition position;

  // Guarded by the fetcher.
  private long generation;

  /** Null unless this catches up. */
  private SharedScan scan;

  /** Null unless this is at the tail. */
  private TailCache cache;

  FetchSource(
      PartitionFetcher fetcher, SharedReading reading, PrefetchingReader reader, long startOffset) {
    this.fetcher = fetcher;
    this.log = fetcher.log();
    this.reading = reading;
    this.reader = reader;
    this.position = FetchPosition.named(startOffset);
  }

  FetchState state() {
    return state;
  }

  /** The position at which catching up goes on, or stopped. */
  FetchPosition position() {
    return position;
  }

  /** Generation of the seek that it follows. */
  long generation() {
    return generation;
  }

  /**
   * Whether a catch-up reader's task is still the one to do; another group's fetch may be ahead.
   */
  boolean isCurrent(FetchTask task) {
    return state == FetchState.CATCHING_UP
        && task.generation() == generation
        && task.position().equals(position);
  }

  /** Reads on at a position that was looked up. */
  void resume(long ofGeneration, FetchPosition from, boolean isAtEnd) {
    if (state.isConcernedBy(Event.RESUMED)) {
      // Where it stood is for a reader to ask the leader of, and not taken for looked at again.
      var next = ofGeneration == generation ? position.orElsewhere(from) : from;
      var caches = reading.caches();
      var found = isAtEnd ? caches.open(log, next) : caches.find(log);
      place(Event.RESUMED, ofGeneration, next, found);
    }
  }

  /** Reads on where it stopped. */
  void resume(long ofGeneration) {
    if (state.isConcernedBy(Event.RESUMED)) {
      place(Event.RESUMED, ofGeneration, position, reading.caches().find(log));
    }
  }

  void seek(PrefetchingReader.Seek wanted) {
    if (state.isConcernedBy(Event.SOUGHT) && wanted.generation() != generation) {
      var found = reading.caches().find(log);
      // A catch-up reader finds out whether the log has records that the cache has not reached.
      boolean isThere = found != null && found.hasComeTo(wanted.offset());
      var from = FetchPosition.named(wanted.offset());
      place(Event.SOUGHT, wanted.generation(), from, isThere ? found : null);
    }
  }

  /** From the cache where that has the next record, else by catching up. */
  private void place(Event event, long ofGeneration, FetchPosition from, TailCache found) {
    var next = state.after(event);
    leaveCache();
    generation = ofGeneration;
    position = from;
    if (!enter(next, found)) {
      catchUp(next);
    }
  }

  /**
   * Leaves the cache of a cursor that was lost, if that is the one in use.
   *
   * @return whether fetching stopped, since the log does not have what came next
   */
  boolean leave(Cursor lost) {
    boolean isCut = lost.cache().isOutOfRange();
    var event = isCut ? Event.TAIL_CUT : Event.TAIL_LOST;
    boolean isInUse = lost.generation() == generation && lost.cache() == cache;
    if (!isInUse || !state.isConcernedBy(event)) {
      return false;
    }
    leaveCache();
    position = lost.next();
    if (isCut) {
      become(state.after(event));
    } else {
      catchUp(state.after(event));
    }
    return isCut;
  }

  private void catchUp(FetchState next) {
    fetcher.lag().begin(generation);
    become(next);
    reading.pool().want(fetcher);
  }

  /** The log was read up to here: reads from the cache, where that has the next record. */
  void advance(FetchPosition next, TailCache found) {
    if (state.isConcernedBy(Event.TAIL_REACHED)) {
      position = next;
      enter(state, found);
    }
  }

  private boolean enter(FetchState from, TailCache found) {
    var cursor = found == null ? null : found.attach(reader, generation, position);
    if (cursor == null) {
      return false;
    }
    cache = found;
    reader.follow(cursor);
    become(from.after(Event.TAIL_REACHED));
    reading.caches().onMoved();
    return true;
  }

  /** A kept fetch of another group that goes on here; null where there is none. */
  Fetch findKept() {
    return scan == null ? null : scan.find(position);
  }

  /**
   * Stops until it is resumed: behind an unreadable record, else where it was.
   *
   * @return whether it has stopped by this
   */
  boolean stop(FetchOutcome trouble) {
    if (!state.isConcernedBy(Event.TROUBLE)) {
      return false;
    }
    if (trouble instanceof FetchOutcome.OutOfRange) {
      // Where the log was cut, kept fetches may be of the removed part.
      scan.forget();
    } else if (trouble instanceof FetchOutcome.Unreadable unreadable) {
      // The offset of the next readable record is unknown.
      position = new FetchPosition(Offsets.next(unreadable.offset()), position.epoch());
    }
    become(state.after(Event.TROUBLE));
    return true;
  }

  void end() {
    leaveCache();
    become(state.after(Event.CLOSED));
  }

  private void become(FetchState next) {
    state = next;
    if (next == FetchState.CATCHING_UP && scan == null) {
      scan = reading.scans().join(log, fetcher);
    } else if (next != FetchState.CATCHING_UP && scan != null) {
      scan = null;
      reading.scans().part(log, fetcher);
    }
  }

  private void leaveCache() {
    if (cache != null) {
      cache.detach(reader);
      cache = null;
      reader.follow(null);
    }
  }
}
