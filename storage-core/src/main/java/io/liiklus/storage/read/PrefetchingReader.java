package io.liiklus.storage.read;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/**
 * Bounded prefetch buffer of one assigned partition; the port's {@link PartitionReader}. Reads are
 * answered from a {@link TailCache} at the end of the log, and else from the queue that catch-up
 * readers fill. Thread-safe.
 *
 * <h2>Draining</h2>
 *
 * Whatever changes (a fetch was queued, a read was opened, a seek, the end) is stored first; then
 * {@link #drain} is called, which one thread at a time runs and which looks at everything again. A
 * call that finds it running leaves it one more round, so no change is missed and no lock is taken:
 * the serialized drain loop of reactive streams.
 *
 * <h2>Seeks</h2>
 *
 * Each seek begins a new generation. Fetches and reads carry the generation they belong to; those
 * of an older one are dropped, wherever they are on their way.
 */
public final class PrefetchingReader implements PartitionReader {

  /** Its fetcher, notified on any thread; does not block. */
  interface Listener {

    /** A seek came. */
    void onSeek();

    /** The queue has come down to its low water mark. */
    void onRoom();

    /** The next batch of the cursor was evicted, or its cache dropped. */
    void onFellBehind(Cursor lost);

    /** Whether reads may be answered; if not, {@link #drain} is called once they may. */
    default boolean mayRead() {
      return true;
    }

    /** A read has failed with the reason of {@link #fail}. */
    default void onReadFailed(StorageException reason) {}
  }

  /** An offset to go on at; the first one is the start of the assignment. */
  record Seek(long generation, long offset) {}

  /** Fails the reads of a generation once the queue is empty. */
  private record Failure(long generation, StorageException reason) {}

  private static final class Read extends CompletableFuture<RecordBatch> {
    private final long generation;

    private Read(long generation) {
      this.generation = generation;
    }

    private void supersede() {
      completeExceptionally(
          new StorageException(Kind.CLOSED, "a seek took the place of this read"));
    }
  }

  private final int partition;
  private final long startOffset;
  private final Listener listener;
  private final Supplier<CompletionStage<OffsetRange>> range;
  private final PrefetchQueue queue;

  // Any thread.
  private final AtomicReference<Seek> seek;
  private final AtomicReference<Read> open = new AtomicReference<>();
  private final AtomicReference<StorageException> end = new AtomicReference<>();
  private final AtomicReference<Cursor> cursor = new AtomicReference<>();
  private final AtomicInteger rounds = new AtomicInteger();
  private volatile Failure failure;

  /**
   * @param range requests the range of the log
   */
  PrefetchingReader(
      int partition,
      long startOffset,
      PrefetchQueue queue,
      Listener listener,
      Supplier<CompletionStage<OffsetRange>> range) {
    this.partition = partition;
    this.startOffset = startOffset;
    this.queue = queue;
    this.listener = listener;
    this.range = range;
    this.seek = new AtomicReference<>(new Seek(0, startOffset));
  }

  @Override
  public int partition() {
    return partition;
  }

  @Override
  public long startOffset() {
    return startOffset;
  }

  @Override
  public CompletionStage<RecordBatch> read() {
    var read = new Read(seek.get().generation());
    Read before;
    do {
      before = open.get();
      if (before != null && before.generation == read.generation) {
        throw new IllegalStateException("partition " + partition + " is being read already");
      }
    } while (!open.compareAndSet(before, read));
    if (before != null) {
      before.supersede();
    }
    drain();
    return read;
  }

  @Override
  public void seek(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset is negative: " + offset);
    }
    seek.updateAndGet(before -> new Seek(before.generation() + 1, offset));
    drain();
    listener.onSeek();
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return range.get();
  }

  @Override
  public boolean hasRecords() {
    if (!listener.mayRead()) {
      return false;
    }
    long generation = seek.get().generation();
    var first = queue.first();
    if (first != null && first.generation() == generation) {
      return true;
    }
    var now = cursor.get();
    return now != null && now.generation() == generation && now.hasNext();
  }

  /** The newest seek. */
  Seek wanted() {
    return seek.get();
  }

  PrefetchQueue queue() {
    return queue;
  }

  boolean isAwaited() {
    return open.get() != null;
  }

  /** Answers reads that find the queue empty from a cache; null: from none. */
  void follow(Cursor from) {
    cursor.set(from);
  }

  /**
   * The offset at which the reader goes on in a tail cache; the lowest possible offset without a
   * cursor.
   */
  long nextIn(TailCache cache) {
    var now = cursor.get();
    return now == null || now.cache() != cache ? Long.MIN_VALUE : now.next().offset();
  }

  /** Fails the reads of this generation behind the queued fetches. */
  void fail(long generation, StorageException reason) {
    failure = new Failure(generation, reason);
    drain();
  }

  /** Fails the open read with this, and all that follow. */
  void end(StorageException reason) {
    end.compareAndSet(null, reason);
    drain();
  }

  /** Answers the open read, where it can be answered. */
  void drain() {
    if (rounds.getAndIncrement() != 0) {
      return;
    }
    int done = 1;
    do {
      drainOnce();
      done = rounds.addAndGet(-done);
    } while (done != 0);
  }

  private void drainOnce() {
    for (; ; ) {
      // Checked in the reverse order of storing: a read is opened behind its seek, and fetches are
      // queued ahead of the failure or of the cursor in a tail cache that follows them.
      var read = open.get();
      long generation = seek.get().generation();
      var ended = end.get();
      var failed = failureOf(generation);
      var cached = cursorOf(generation);
      var queued = firstOf(generation, ended != null);
      if (read == null) {
        return;
      }
      var batch = queued != null || cached == null ? null : cached.peek();
      boolean isSuperseded = read.generation != generation;
      boolean isNothingThere = queued == null && batch == null && failed == null;
      boolean isToWait = isNothingThere || !listener.mayRead();
      if (ended == null && !isSuperseded && isToWait) {
        if (cached != null && cached.isLost()) {
          continue;
        }
        return;
      }
      if (!open.compareAndSet(read, null)) {
        // A read that came after a seek has just taken its place: look again.
        continue;
      }
      if (ended != null) {
        read.completeExceptionally(ended);
      } else if (isSuperseded) {
        read.supersede();
      } else if (queued != null) {
        remove(queued);
        read.complete(queued.fetch().batch());
      } else if (batch != null) {
        cached.advance(batch);
        read.complete(batch);
      } else {
        read.completeExceptionally(failed);
        listener.onReadFailed(failed);
      }
    }
  }

  /** Null where the reader has no cursor, or has just lost it. */
  private Cursor cursorOf(long generation) {
    var now = cursor.get();
    if (now == null || now.generation() != generation) {
      return null;
    }
    if (!now.isLost()) {
      return now;
    }
    if (cursor.compareAndSet(now, null)) {
      listener.onFellBehind(now);
    }
    return null;
  }

  private PrefetchQueue.Entry firstOf(long generation, boolean hasEnded) {
    var first = queue.first();
    while (first != null && (hasEnded || first.generation() < generation)) {
      remove(first);
      first = queue.first();
    }
    // One of a newer generation: a seek came since, and with it another round.
    return first != null && first.generation() == generation ? first : null;
  }

  private void remove(PrefetchQueue.Entry first) {
    if (queue.remove(first)) {
      listener.onRoom();
    }
  }

  private StorageException failureOf(long generation) {
    var failed = failure;
    return failed != null && failed.generation() == generation ? failed.reason() : null;
  }
}
