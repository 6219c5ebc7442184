package io.liiklus.storage.read;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Fetching of one assigned partition; switches between the tail cache and catch-up readers, and
 * stops while offsets are looked up. Thread-safe.
 *
 * <p>Moves keep the order and leave no gap: a catch-up reader hands over the offset behind the last
 * batch that it queued, in the same step in which it stops queueing; the cursor hands back the
 * offset behind the last batch that was taken from the cache.
 *
 * <p>Threads: this object's lock is taken for each change of the source by readers and members, and
 * for each fetch by catch-up readers; never by an event loop, whose seeks and lost cursors go to
 * the thread of the log's tail reader, and whose room goes to the catch-up readers. Within it the
 * locks of a {@link TailCache} or a {@link SharedScan} are taken; listeners are notified outside.
 */
public final class PartitionFetcher implements PrefetchingReader.Listener, ScanMember {

  private enum State {
    CATCHING_UP,
    AT_TAIL,
    STOPPED,
    ENDED
  }

  private final LogId log;
  private final SharedReading sources;
  private final FetchListener listener;
  private final PrefetchingReader reader;

  // Any thread.
  private volatile State state = State.STOPPED;

  /** Where catching up goes on, or where that stopped. */
  private volatile FetchPosition position;

  /** Whether it is among the wants of the pool. */
  private final AtomicBoolean isWanted = new AtomicBoolean();

  /** The catch-up reader that has it; null: none. Set by the pool. */
  private volatile CatchUpReaderPool.Worker worker;

  // Guarded by this.
  private long generation;

  /** Null while this does not catch up. */
  private SharedScan scan;

  private TailCache cache;
  private boolean hasProgressed;

  /** In records, since catching up began, or since the client last let its prefetch fill up. */
  private long leastLag = Long.MAX_VALUE;

  /**
   * @param startOffset where the assignment begins
   * @param range asks for what the log has
   */
  PartitionFetcher(
      LogId log,
      long startOffset,
      SharedReading sources,
      FetchListener listener,
      Supplier<CompletionStage<OffsetRange>> range) {
    this.log = log;
    this.sources = sources;
    this.listener = listener;
    this.position = FetchPosition.named(startOffset);
    var queue = sources.prefetchQueue();
    this.reader = new PrefetchingReader(log.partition(), startOffset, queue, this, range);
  }

  public LogId log() {
    return log;
  }

  /** The port's view. */
  public PartitionReader reader() {
    return reader;
  }

  PrefetchingReader prefetch() {
    return reader;
  }

  AtomicBoolean isWanted() {
    return isWanted;
  }

  CatchUpReaderPool.Worker worker() {
    return worker;
  }

  void give(CatchUpReaderPool.Worker to) {
    worker = to;
  }

  /** Generation of the newest seek. */
  public long wantedGeneration() {
    return reader.wanted().generation();
  }

  /** Where catching up goes on, if it does. */
  @Override
  public FetchPosition next() {
    return position;
  }

  @Override
  public long waitedNs(long nowNs) {
    return reader.queue().waitedNs(nowNs);
  }

  @Override
  public long prefetchBytes() {
    return reader.queue().highWater();
  }

  /** Whether the group reads from the tail cache. */
  boolean isAtTail() {
    return state == State.AT_TAIL;
  }

  /**
   * Begins, or goes on after a look-up; does nothing where a seek came since.
   *
   * @param isAtEnd whether that is the end of the log, as far as readers see it
   */
  public void resume(long ofGeneration, FetchPosition from, boolean isAtEnd) {
    synchronized (this) {
      if (state != State.STOPPED || wantedGeneration() != ofGeneration) {
        return;
      }
      // Where it stood is for a reader to ask the leader of, and not taken for looked at again.
      var next = ofGeneration == generation ? position.orElsewhere(from) : from;
      var caches = sources.caches();
      place(ofGeneration, next, isAtEnd ? caches.open(log, next) : caches.find(log));
    }
    reader.drain();
  }

  /** Goes on where it stopped; does nothing where a seek came since. */
  public void resume(long ofGeneration) {
    synchronized (this) {
      if (state != State.STOPPED || wantedGeneration() != ofGeneration) {
        return;
      }
      place(ofGeneration, position, sources.caches().find(log));
    }
    reader.drain();
  }

  @Override
  public void onSeek() {
    sources.caches().post(log, this::followSeek);
  }

  private void followSeek() {
    synchronized (this) {
      var wanted = reader.wanted();
      if (state == State.ENDED || wanted.generation() == generation) {
        return;
      }
      var found = sources.caches().find(log);
      // Whether the log has what the cache has not come to is for a catch-up reader to find out.
      boolean isThere = found != null && found.hasComeTo(wanted.offset());
      place(wanted.generation(), FetchPosition.named(wanted.offset()), isThere ? found : null);
    }
    reader.drain();
  }

  @Override
  public void onFellBehind(Cursor lost) {
    sources.caches().post(log, () -> leave(lost));
  }

  private synchronized void leave(Cursor lost) {
    if (state == State.AT_TAIL && lost.generation() == generation && lost.cache() == cache) {
      cache.detach(reader);
      cache = null;
      catchUpFrom(lost.next());
    }
  }

  @Override
  public void onRoom() {
    if (state == State.CATCHING_UP) {
      sources.pool().want(this);
    }
  }

  /** Reader's thread: queues what was read for other groups, as far as there is room. */
  boolean takeKept() {
    boolean isAny = false;
    synchronized (this) {
      while (state == State.CATCHING_UP && reader.queue().hasRoom()) {
        var kept = scan.find(position);
        if (kept == null) {
          break;
        }
        isAny = true;
        take(kept.next(), kept);
      }
    }
    if (isAny) {
      reader.drain();
    }
    return isAny;
  }

  /** Whether a catch-up reader is of use now; else this is notified once there is room. */
  boolean isBehindWithRoom() {
    return state == State.CATCHING_UP && !reader.queue().updateFull();
  }

  /** Null where no catch-up reader is wanted any more. */
  synchronized FetchTask task() {
    return state == State.CATCHING_UP ? new FetchTask(generation, position) : null;
  }

  /** Catch-up reader: the log up to a position; a fetch of null has nothing that readers see. */
  void offer(FetchTask task, FetchPosition next, Fetch fetch) {
    synchronized (this) {
      if (isCurrent(task)) {
        take(next, fetch);
      }
    }
    reader.drain();
  }

  private void take(FetchPosition next, Fetch fetch) {
    var rest = fetch == null ? null : fetch.from(position);
    position = next;
    if (rest != null) {
      hasProgressed = true;
      reader.queue().offer(generation, rest, reader.isAwaited(), sources.nowNs());
    }
    enter(sources.caches().find(log));
  }

  /** Catch-up reader: there is nothing behind the position, now. */
  void onEnd(FetchTask task, FetchPosition at) {
    synchronized (this) {
      if (isCurrent(task)) {
        position = at;
        enter(sources.caches().open(log, at));
      }
    }
    reader.drain();
  }

  /** Catch-up reader: stops until {@link #resume}. */
  void onOutOfRange(FetchTask task, long at, long cutAt) {
    synchronized (this) {
      if (!isCurrent(task)) {
        return;
      }
      // Where the log was cut, what was kept of it may be of what is gone.
      scan.forget();
      become(State.STOPPED);
    }
    listener.onOutOfRange(this, task.generation(), at, cutAt);
  }

  /** Catch-up reader: stops until {@link #resume}; the record is as good as any. */
  void onMachineFault(FetchTask task) {
    synchronized (this) {
      if (!isCurrent(task)) {
        return;
      }
      become(State.STOPPED);
    }
    listener.onMachineFault(this, task.generation());
  }

  /** Catch-up reader: the record at the offset cannot be read; stops. */
  void onUnreadable(FetchTask task, FetchOutcome.Unreadable unreadable) {
    long at = unreadable.offset();
    synchronized (this) {
      if (!isCurrent(task)) {
        return;
      }
      become(State.STOPPED);
      // Nothing tells where the next one stands that can be read.
      position = new FetchPosition(Offsets.next(at), position.epoch());
    }
    if (!listener.onUnreadable(this, task.generation(), at, unreadable.reason())) {
      var text = "the record at partition=%d offset=%d cannot be read: %s";
      reader.fail(
          task.generation(),
          StorageException.unreadable(
              at, text.formatted(log.partition(), at, unreadable.reason()), unreadable.cause()));
    }
  }

  void onRefused(StorageException reason) {
    synchronized (this) {
      if (state != State.CATCHING_UP) {
        return;
      }
      become(State.STOPPED);
    }
    listener.onRefused(reason);
  }

  /**
   * Catch-up reader: whether the group is closer to the end than it ever was since it began to
   * catch up. Until it is, it reads without a rest, so it comes closer with each rest.
   */
  synchronized boolean isGaining(FetchTask task, long lag) {
    if (task.generation() != generation) {
      // A seek has come since, and the lag there is not for comparing.
      return true;
    }
    boolean isGaining = lag < leastLag;
    leastLag = Math.min(leastLag, lag);
    return isGaining;
  }

  /** Catch-up reader: the client does not take what it gets, which is no fault of reading. */
  synchronized void onFull() {
    leastLag = Long.MAX_VALUE;
  }

  /** Whether records have come since this was last asked. */
  public synchronized boolean takeProgress() {
    boolean progressed = hasProgressed;
    hasProgressed = false;
    return progressed;
  }

  /** Fails the open read with this, and all that follow. */
  public void end(StorageException reason) {
    synchronized (this) {
      leaveCache();
      become(State.ENDED);
    }
    var fetching = worker;
    if (fetching != null) {
      fetching.wake();
    }
    reader.end(reason);
  }

  private boolean isCurrent(FetchTask task) {
    // It may have taken meanwhile what was read for another group.
    return state == State.CATCHING_UP
        && task.generation() == generation
        && task.position().equals(position);
  }

  private void place(long ofGeneration, FetchPosition from, TailCache found) {
    leaveCache();
    generation = ofGeneration;
    position = from;
    if (!enter(found)) {
      catchUpFrom(from);
    }
  }

  private void catchUpFrom(FetchPosition from) {
    position = from;
    leastLag = Long.MAX_VALUE;
    become(State.CATCHING_UP);
    sources.pool().want(this);
  }

  /** Reads from the cache, where that is and has what comes next. */
  private boolean enter(TailCache found) {
    var cursor = found == null ? null : found.attach(reader, generation, position);
    if (cursor == null) {
      return false;
    }
    cache = found;
    reader.follow(cursor);
    become(State.AT_TAIL);
    sources.caches().onMoved();
    return true;
  }

  private void become(State next) {
    state = next;
    if (next == State.CATCHING_UP && scan == null) {
      scan = sources.scans().join(log, this);
    } else if (next != State.CATCHING_UP && scan != null) {
      scan = null;
      sources.scans().part(log, this);
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
