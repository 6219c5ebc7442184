package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.Offsets;
import io.liiklus.api.StorageException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Says where the records of one assigned partition come from: out of the cache while the group is
 * at the end of the log, from a catch-up reader while it is behind, from nowhere while it is looked
 * up where to go on. Thread-safe: each change of that takes its lock, and no record does.
 *
 * <p>Moves keep the order and leave no gap: a catch-up reader hands over the offset behind the last
 * batch that it left, in the same step in which it stops leaving any; the cache hands back the
 * offset behind the last batch that was taken from it.
 */
final class PartitionFetcher implements PrefetchingReader.FetchListener {

  /** Where a log that does not hold an offset was not cut. */
  static final long NOT_CUT = -1;

  /** The subscription, which is told on whatever thread, and must not block. */
  interface Owner {

    /**
     * The log does not hold the offset.
     *
     * @param cutAt where the log was cut, or {@link #NOT_CUT}
     */
    void onOutOfRange(PartitionFetcher fetcher, long generation, long offset, long cutAt);

    /**
     * A record cannot be read; true where it is to be passed over. The fetcher has stopped behind
     * it: what follows waits for {@link #goOn(long)}, until the listener is told of the gap.
     */
    boolean onUnreadable(
        PartitionFetcher fetcher, long generation, long offset, KafkaException failure);

    /** What comes next cannot be read by a fault of the machine: it is to be tried again. */
    void onMachineFault(PartitionFetcher fetcher, long generation);

    /** Kafka refuses what does not heal by itself. */
    void onRefused(KafkaException failure);
  }

  /** Which log, and where in it the assignment begins. */
  record Origin(PartitionLog log, long startOffset) {}

  /** The two sources. */
  record Sources(TailCaches caches, CatchUpReaderPool readers) {}

  /** Where a catch-up reader is to go on. */
  record FetchTask(long generation, FetchPosition position) {}

  private enum State {
    CATCHING_UP,
    AT_TAIL,
    STOPPED,
    ENDED
  }

  private final TopicPartition id;
  private final PartitionLog log;
  private final Sources sources;
  private final Owner owner;
  private final Supplier<CompletionStage<OffsetRange>> range;
  private final PrefetchingReader prefetch;
  private final LagTrend lagTrend = new LagTrend();

  // Guarded by this.
  private State state = State.STOPPED;
  private long generation;

  /** Where catching up goes on, or where that stopped. Read by any thread. */
  private volatile FetchPosition position;

  /** Who else catches up here; null while this does not. */
  private SharedScan sharedScan;

  private TailCache cache;
  private boolean hasProgressed;

  /**
   * @param range asks for what the log holds
   */
  PartitionFetcher(
      Origin origin,
      PrefetchingReader.Limits limits,
      Sources sources,
      Owner owner,
      Supplier<CompletionStage<OffsetRange>> range) {
    this.id = origin.log().id();
    this.position = FetchPosition.named(origin.startOffset());
    this.log = origin.log();
    this.sources = sources;
    this.owner = owner;
    this.range = range;
    this.prefetch = new PrefetchingReader(id.partition(), origin.startOffset(), limits, this);
  }

  TopicPartition id() {
    return id;
  }

  PartitionLog log() {
    return log;
  }

  /** Whether both read one log. */
  boolean isBeside(PartitionFetcher other) {
    return other != null && log.equals(other.log);
  }

  PrefetchingReader prefetch() {
    return prefetch;
  }

  LagTrend lagTrend() {
    return lagTrend;
  }

  /** Where catching up goes on, if it does. Any thread. */
  FetchPosition next() {
    return position;
  }

  /**
   * Begins, or goes on after a look-up; does nothing where a seek came since.
   *
   * @param isAtEnd whether that is the end of the log, as far as readers see it
   */
  void goOn(long ofGeneration, FetchPosition from, boolean isAtEnd) {
    synchronized (this) {
      if (state != State.STOPPED || prefetch.wanted().generation() != ofGeneration) {
        return;
      }
      // Where it stood is for a consumer to ask its leader of, and not taken for looked at again.
      var next = ofGeneration == generation ? position.orElsewhere(from) : from;
      var caches = sources.caches();
      place(ofGeneration, next, isAtEnd ? caches.open(log, next) : caches.find(log));
    }
    prefetch.match();
  }

  /** Goes on where it stopped; does nothing where a seek came since. */
  void goOn(long ofGeneration) {
    synchronized (this) {
      if (state != State.STOPPED || prefetch.wanted().generation() != ofGeneration) {
        return;
      }
      place(ofGeneration, position, sources.caches().find(log));
    }
    prefetch.match();
  }

  @Override
  public void onSeek() {
    synchronized (this) {
      var wanted = prefetch.wanted();
      if (state == State.ENDED || wanted.generation() == generation) {
        return;
      }
      var found = sources.caches().find(log);
      // Whether the log holds what the cache has not come to is for a catch-up reader to find out.
      boolean isThere = found != null && found.hasComeTo(wanted.offset());
      place(wanted.generation(), FetchPosition.named(wanted.offset()), isThere ? found : null);
    }
    prefetch.match();
  }

  @Override
  public void onRoom() {
    var unused = takeKept();
    // Else it is full again, and will tell so again.
    if (prefetch.hasRoom() && task() != null) {
      sources.readers().want(this);
    }
  }

  /** Takes what was read for other groups, as far as there is room; false where nothing was. */
  boolean takeKept() {
    boolean isAny = false;
    synchronized (this) {
      while (state == State.CATCHING_UP && prefetch.hasRoom()) {
        var kept = sharedScan.find(position);
        if (kept == null) {
          break;
        }
        isAny = true;
        take(kept.next(), kept);
      }
    }
    if (isAny) {
      prefetch.match();
    }
    return isAny;
  }

  @Override
  public void onFellBehind(TailCache.Cursor cursor) {
    synchronized (this) {
      if (state != State.AT_TAIL || cursor.generation() != generation) {
        return;
      }
      cache.detach(prefetch);
      cache = null;
      catchUpFrom(cursor.next());
    }
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return range.get();
  }

  /** Null where no catch-up reader is wanted any more. */
  synchronized FetchTask task() {
    return state == State.CATCHING_UP ? new FetchTask(generation, position) : null;
  }

  /** Catch-up reader: what it read up to a position; null where readers see nothing there. */
  void offer(FetchTask task, FetchPosition next, Fetch fetched) {
    synchronized (this) {
      if (isCurrent(task)) {
        take(next, fetched);
      }
    }
    prefetch.match();
  }

  private void take(FetchPosition next, Fetch fetched) {
    var rest = fetched == null ? null : fetched.from(position);
    position = next;
    if (rest != null) {
      hasProgressed = true;
      prefetch.offer(generation, rest, sources.readers().nowNs());
    }
    enter(sources.caches().find(log));
  }

  /** Catch-up reader: there is nothing behind the offset, now. */
  void onEnd(FetchTask task, FetchPosition at) {
    synchronized (this) {
      if (isCurrent(task)) {
        position = at;
        enter(sources.caches().open(log, at));
      }
    }
    prefetch.match();
  }

  void onOutOfRange(FetchTask task, long at, long cutAt) {
    synchronized (this) {
      if (isCurrent(task)) {
        // Where the log was cut, what was kept of it may be of what is gone.
        sharedScan.forget();
        become(State.STOPPED);
        owner.onOutOfRange(this, generation, at, cutAt);
      }
    }
  }

  /** Catch-up reader: stops until {@link #goOn}; the record is as good as any. */
  void onMachineFault(FetchTask task) {
    synchronized (this) {
      if (isCurrent(task)) {
        become(State.STOPPED);
        owner.onMachineFault(this, generation);
      }
    }
  }

  /** Catch-up reader: the record at the offset cannot be read. */
  void onUnreadable(FetchTask task, long at, KafkaException failure) {
    StorageException told = null;
    synchronized (this) {
      if (!isCurrent(task)) {
        return;
      }
      become(State.STOPPED);
      if (owner.onUnreadable(this, generation, at, failure)) {
        // Nothing tells where the next one stands that can be read.
        position = new FetchPosition(Offsets.next(at), position.epoch());
        return;
      }
      told =
          StorageException.unreadable(
              at,
              "the record at partition=%d offset=%d cannot be read: %s"
                  .formatted(id.partition(), at, UnreadableRecords.reason(failure)),
              failure);
    }
    prefetch.fail(task.generation(), told);
  }

  void onRefused(KafkaException failure) {
    synchronized (this) {
      if (state != State.CATCHING_UP) {
        return;
      }
      become(State.STOPPED);
    }
    owner.onRefused(failure);
  }

  /** Whether records have come since this was last asked. */
  synchronized boolean takeProgress() {
    boolean progressed = hasProgressed;
    hasProgressed = false;
    return progressed;
  }

  void end(StorageException reason) {
    synchronized (this) {
      leaveCache();
      become(State.ENDED);
    }
    sources.readers().forget(this);
    prefetch.end(reason);
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
    lagTrend.forget();
    become(State.CATCHING_UP);
    sources.readers().want(this);
  }

  /** Reads from the cache, where that is and holds what comes next. */
  private boolean enter(TailCache found) {
    var cursor = found == null ? null : found.attach(prefetch, generation, position);
    if (cursor == null) {
      return false;
    }
    cache = found;
    prefetch.follow(cursor);
    become(State.AT_TAIL);
    sources.caches().onMoved();
    return true;
  }

  private void become(State next) {
    state = next;
    if (next == State.CATCHING_UP && sharedScan == null) {
      sharedScan = sources.readers().join(this);
    } else if (next != State.CATCHING_UP && sharedScan != null) {
      sharedScan = null;
      sources.readers().part(this);
    }
  }

  private void leaveCache() {
    if (cache != null) {
      cache.detach(prefetch);
      cache = null;
      prefetch.follow(null);
    }
  }
}
