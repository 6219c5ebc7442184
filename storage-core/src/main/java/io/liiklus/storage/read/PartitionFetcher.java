package io.liiklus.storage.read;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
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
 * {@link FetchControl}, and whose room goes to the catch-up readers. Within it the locks of a
 * {@link TailCache} or a {@link SharedScan} are taken; listeners are notified outside.
 */
public final class PartitionFetcher implements PrefetchingReader.Listener, ScanMember {

  private final LogId log;
  private final SharedReading sources;
  private final FetchListener listener;
  private final PrefetchingReader reader;
  private final FetchSource source;
  private final CatchUpLag lag = new CatchUpLag();

  // Any thread.

  /** Whether it is among the wants of the pool. */
  private final AtomicBoolean isWanted = new AtomicBoolean();

  /** The catch-up reader that has it; null: none. Set by the pool. */
  private volatile CatchUpReaderPool.Worker worker;

  // Guarded by this, as is the source.
  private boolean hasProgressed;

  /**
   * @param startOffset start of the assignment
   * @param range requests the range of the log
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
    var queue = sources.prefetchQueue();
    this.reader = new PrefetchingReader(log.partition(), startOffset, queue, this, range);
    this.source = new FetchSource(this, sources, reader, startOffset);
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

  CatchUpLag lag() {
    return lag;
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

  /** The position at which catching up goes on, if it does. */
  @Override
  public FetchPosition next() {
    return source.position();
  }

  @Override
  public long waitedNs(long nowNs) {
    return reader.queue().waitedNs(nowNs);
  }

  @Override
  public long prefetchBytes() {
    return reader.queue().highWater();
  }

  /**
   * Begins, or goes on after a look-up; does nothing where a seek came since.
   *
   * @param isAtEnd whether that is the end of the log, as far as readers see it
   */
  public void resume(long ofGeneration, FetchPosition from, boolean isAtEnd) {
    synchronized (this) {
      if (wantedGeneration() == ofGeneration) {
        source.resume(ofGeneration, from, isAtEnd);
      }
    }
    reader.drain();
  }

  /** Goes on where it stopped; does nothing where a seek came since. */
  public void resume(long ofGeneration) {
    synchronized (this) {
      if (wantedGeneration() == ofGeneration) {
        source.resume(ofGeneration);
      }
    }
    reader.drain();
  }

  @Override
  public void onSeek() {
    sources.control().post(this::followSeek);
  }

  private void followSeek() {
    synchronized (this) {
      source.seek(reader.wanted());
    }
    reader.drain();
  }

  @Override
  public void onFellBehind(Cursor lost) {
    sources.control().post(() -> leave(lost));
  }

  private void leave(Cursor lost) {
    boolean hasStopped;
    synchronized (this) {
      hasStopped = source.leave(lost);
    }
    if (hasStopped) {
      listener.onTailOutOfRange(this, lost.generation());
    }
  }

  @Override
  public void onRoom() {
    if (isCatchingUp()) {
      sources.pool().want(this);
    }
  }

  private boolean isCatchingUp() {
    return source.state() == FetchState.CATCHING_UP;
  }

  /** Reader's thread: queues the fetches for other groups, as far as there is room. */
  boolean takeKept() {
    boolean isAny = false;
    synchronized (this) {
      while (isCatchingUp() && reader.queue().hasRoom()) {
        var kept = source.findKept();
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
    return isCatchingUp() && !reader.queue().updateFull();
  }

  /** Null where no catch-up reader is wanted any more. */
  synchronized FetchTask task() {
    return isCatchingUp() ? new FetchTask(source.generation(), source.position()) : null;
  }

  /** Catch-up reader: the log up to a position; a fetch of null has nothing that readers see. */
  void offer(FetchTask task, FetchPosition next, Fetch fetch) {
    synchronized (this) {
      if (source.isCurrent(task)) {
        take(next, fetch);
      }
    }
    reader.drain();
  }

  private void take(FetchPosition next, Fetch fetch) {
    var rest = fetch == null ? null : fetch.from(source.position());
    if (rest != null) {
      hasProgressed = true;
      reader.queue().offer(source.generation(), rest, reader.isAwaited(), sources.nowNs());
    }
    source.advance(next, sources.caches().find(log));
  }

  /** Catch-up reader: there is nothing behind the position, now. */
  void onEnd(FetchTask task, FetchPosition at) {
    synchronized (this) {
      if (source.isCurrent(task)) {
        source.advance(at, sources.caches().open(log, at));
      }
    }
    reader.drain();
  }

  /** Catch-up reader: cannot go on by itself; stops until {@link #resume}. */
  void onTrouble(FetchTask task, FetchOutcome trouble) {
    synchronized (this) {
      if (!source.isCurrent(task)) {
        return;
      }
      source.stop(trouble);
    }
    long generation = task.generation();
    if (trouble instanceof FetchOutcome.OutOfRange outOfRange) {
      listener.onOutOfRange(this, generation, outOfRange.offset(), outOfRange.cutAt());
    } else if (trouble instanceof FetchOutcome.Unreadable unreadable) {
      long at = unreadable.offset();
      if (!listener.onUnreadable(this, generation, at, unreadable.reason())) {
        reader.fail(generation, unreadable.failure());
      }
    } else if (trouble instanceof FetchOutcome.Ended ended) {
      reader.fail(generation, ended.failure());
    } else {
      listener.onMachineFault(this, generation);
    }
  }

  void onRefused(StorageException reason) {
    boolean hasStopped;
    synchronized (this) {
      hasStopped = source.stop(new FetchOutcome.Refused(reason));
    }
    if (hasStopped) {
      listener.onRefused(reason);
    }
  }

  @Override
  public boolean mayRead() {
    return sources.mayRead();
  }

  @Override
  public void onReadFailed(StorageException reason) {
    if (reason.kind() == Kind.ENDED) {
      listener.onEnded(this);
    }
  }

  /** Answers the open read, where that was held back. */
  public void readOn() {
    reader.drain();
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
      source.end();
    }
    sources.pool().forget(this);
    reader.end(reason);
  }
}
