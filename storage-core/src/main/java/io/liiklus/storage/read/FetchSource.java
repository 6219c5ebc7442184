package io.liiklus.storage.read;

/**
 * Source of the batches of one partition of one group: its tail cache, catch-up readers, or none
 * while offsets are looked up. Confined to the lock of its {@link PartitionFetcher}, but for {@link
 * #isCatchingUp} and {@link #position}, which any thread may call.
 */
final class FetchSource {

  private enum State {
    CATCHING_UP,
    AT_TAIL,
    STOPPED,
    ENDED
  }

  private final PartitionFetcher fetcher;
  private final LogId log;
  private final SharedReading reading;
  private final PrefetchingReader reader;

  // Any thread.
  private volatile State state = State.STOPPED;
  private volatile FetchPosition position;

  // Guarded by the fetcher.
  private long generation;

  /** Null unless this catches up. */
  private SharedScan scan;

  /** Null unless this is at the tail. */
  private TailCache cache;

  /**
   * The least lag in records since catching up began, or since the client last let its prefetch
   * fill up.
   */
  private long leastLag = Long.MAX_VALUE;

  FetchSource(
      PartitionFetcher fetcher, SharedReading reading, PrefetchingReader reader, long startOffset) {
    this.fetcher = fetcher;
    this.log = fetcher.log();
    this.reading = reading;
    this.reader = reader;
    this.position = FetchPosition.named(startOffset);
  }

  boolean isCatchingUp() {
    return state == State.CATCHING_UP;
  }

  boolean isStopped() {
    return state == State.STOPPED;
  }

  boolean hasEnded() {
    return state == State.ENDED;
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
    return state == State.CATCHING_UP
        && task.generation() == generation
        && task.position().equals(position);
  }

  /** Reads on for a seek: from the cache where that has the next record, else by catching up. */
  void place(long ofGeneration, FetchPosition from, TailCache found) {
    leaveCache();
    generation = ofGeneration;
    position = from;
    if (!enter(found)) {
      catchUp();
    }
  }

  /**
   * Reads on by catching up, if the cursor that was lost is the one in use; stops where the log
   * does not have what came next.
   *
   * @return whether it stopped
   */
  boolean leave(Cursor lost) {
    if (state != State.AT_TAIL || lost.generation() != generation || lost.cache() != cache) {
      return false;
    }
    cache.detach(reader);
    cache = null;
    position = lost.next();
    if (lost.cache().isOutOfRange()) {
      become(State.STOPPED);
      return true;
    }
    catchUp();
    return false;
  }

  private void catchUp() {
    leastLag = Long.MAX_VALUE;
    become(State.CATCHING_UP);
    reading.pool().want(fetcher);
  }

  /** The log was read up to here: reads from the cache, where that has the next record. */
  void advance(FetchPosition next, TailCache found) {
    position = next;
    enter(found);
  }

  private boolean enter(TailCache found) {
    var cursor = found == null ? null : found.attach(reader, generation, position);
    if (cursor == null) {
      return false;
    }
    cache = found;
    reader.follow(cursor);
    become(State.AT_TAIL);
    reading.caches().onMoved();
    return true;
  }

  /** A kept fetch of another group that goes on here; null where there is none. */
  Fetch findKept() {
    return scan == null ? null : scan.find(position);
  }

  /** Stops until it is placed, at a position. */
  void stop(FetchPosition at) {
    position = at;
    become(State.STOPPED);
  }

  /** Stops where the log was cut: kept fetches may be of the removed part. */
  void stopAtCut() {
    scan.forget();
    become(State.STOPPED);
  }

  void end() {
    leaveCache();
    become(State.ENDED);
  }

  /**
   * Whether the group is closer to the end than it ever was since it began to catch up. A seek that
   * came since makes the lag no one for comparing.
   */
  boolean isGaining(FetchTask task, long lag) {
    if (task.generation() != generation) {
      return true;
    }
    boolean isGaining = lag < leastLag;
    leastLag = Math.min(leastLag, lag);
    return isGaining;
  }

  /** The client does not take its records, which is no fault of reading. */
  void onFull() {
    leastLag = Long.MAX_VALUE;
  }

  private void become(State next) {
    state = next;
    if (next == State.CATCHING_UP && scan == null) {
      scan = reading.scans().join(log, fetcher);
    } else if (next != State.CATCHING_UP && scan != null) {
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
