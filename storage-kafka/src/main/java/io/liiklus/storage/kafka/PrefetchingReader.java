package io.liiklus.storage.kafka;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where the batches of one assigned partition meet who reads it. They come from a {@link TailCache}
 * while the reader is at the end of the log; else a catch-up reader leaves them here, ahead of the
 * reads. Thread-safe.
 *
 * <h2>How a batch meets a read</h2>
 *
 * Whatever changes — a batch came, a read was opened, a seek, the end — is stored first; then
 * {@link #match} is called, which one thread at a time runs and which looks at everything anew. A
 * call that finds it running leaves it one more round to do, so no change is missed and no lock is
 * held.
 *
 * <h2>Seeks</h2>
 *
 * Each seek begins a new generation. Batches and reads carry the generation they belong to; those
 * of an older one are dropped, wherever they are on their way.
 */
final class PrefetchingReader implements PartitionReader {

  /** Where reading is to go on; the first one is where the assignment began. */
  record Seek(long generation, long offset) {}

  /**
   * @param heldBytes how much may be held ready; one batch more than this is
   * @param copyNs how long a batch may wait before it is copied out of the fetch that it pins
   */
  record Limits(long heldBytes, long copyNs) {}

  /** Who keeps it filled. Told from any thread, and does not block. */
  interface FetchListener {

    /** A reader wants to go on elsewhere. */
    void onSeek();

    /** There is room again. */
    void onRoom();

    /** The reader is not in the cache any more. */
    void onFellBehind(TailCache.Cursor cursor);

    CompletionStage<OffsetRange> range();
  }

  private record Chunk(long generation, long leftNs, Fetch fetched) {}

  /** What ends the reads of a generation once its chunks are taken. */
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
  private final Limits limits;
  private final FetchListener filler;

  // Any thread.
  private final AtomicReference<Seek> seek;
  private final AtomicReference<Read> open = new AtomicReference<>();
  private final AtomicReference<StorageException> end = new AtomicReference<>();
  private volatile Failure failure;
  private final AtomicReference<TailCache.Cursor> cursor = new AtomicReference<>();
  private final Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean isFull;

  // Filling thread only.

  /** How many chunks had been taken when last looked, and when that had last grown. */
  private int takenBefore;

  private long takenNs;

  PrefetchingReader(int partition, long startOffset, Limits limits, FetchListener filler) {
    this.partition = partition;
    this.startOffset = startOffset;
    this.limits = limits;
    this.filler = filler;
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
    match();
    return read;
  }

  @Override
  public void seek(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset is negative: " + offset);
    }
    seek.updateAndGet(before -> new Seek(before.generation() + 1, offset));
    match();
    filler.onSeek();
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return filler.range();
  }

  @Override
  public boolean hasRecords() {
    long generation = seek.get().generation();
    var first = chunks.peek();
    if (first != null && first.generation == generation) {
      return true;
    }
    var now = cursor.get();
    return now != null && now.generation() == generation && now.hasNext();
  }

  /** The newest seek. */
  Seek wanted() {
    return seek.get();
  }

  Limits limits() {
    return limits;
  }

  /** About how many bytes of records wait here. */
  long bytes() {
    return heldBytes.get();
  }

  /** How long what is taken next has waited; 0 where nothing does. */
  long waitedNs(long nowNs) {
    var first = chunks.peek();
    return first == null ? 0 : nowNs - first.leftNs;
  }

  /** Has the reads that find nothing here answered from a cache; null: from none. */
  void follow(TailCache.Cursor from) {
    cursor.set(from);
  }

  /**
   * Where the reader is to go on in a tail cache; the lowest offset there is where it has no
   * cursor.
   */
  long nextIn(TailCache cache) {
    var now = cursor.get();
    return now == null || now.cache() != cache ? Long.MIN_VALUE : now.next().offset();
  }

  /** Leaves what was fetched for this generation; one thread at a time. */
  void offer(long generation, Fetch fetched, long nowNs) {
    if (taken.get() != takenBefore) {
      takenBefore = taken.get();
      takenNs = nowNs;
    }
    boolean isRead = takenBefore > 0 && nowNs - takenNs < limits.copyNs();
    if (!isRead && open.get() == null) {
      fetched.copy();
    }
    heldBytes.addAndGet(fetched.bytes());
    chunks.add(new Chunk(generation, nowNs, fetched));
  }

  /**
   * Filling thread: copies what has waited for long. A batch pins the whole fetch that it came
   * with, which may be thousands of times larger; who reads has it soon, and costs no copy.
   */
  void copyLeftOvers(long nowNs) {
    for (var chunk : chunks) {
      if (nowNs - chunk.leftNs < limits.copyNs()) {
        return;
      }
      chunk.fetched.copy();
    }
  }

  /** Filling thread: copies all that waits, before nobody looks after it any more. */
  void copyAll() {
    chunks.forEach(chunk -> chunk.fetched.copy());
  }

  /** Behind what was left, fails the reads of this generation. */
  void fail(long generation, StorageException reason) {
    failure = new Failure(generation, reason);
    match();
  }

  /** Fails the open read with this, and all that follow. */
  void end(StorageException reason) {
    end.compareAndSet(null, reason);
    match();
  }

  /** Filling thread: whether nothing more is to be left. Once full, it is until half is gone. */
  boolean updateFull() {
    long held = heldBytes.get();
    if (!isFull && held >= limits.heldBytes()) {
      isFull = true;
      // Between the look above and this flag all may have been taken, and nobody would wake us.
      held = heldBytes.get();
    }
    if (isFull && held <= limits.heldBytes() / 2) {
      isFull = false;
    }
    return isFull;
  }

  /** Whether more is to be left, be it that nobody fills this now. */
  boolean hasRoom() {
    long held = heldBytes.get();
    return held <= limits.heldBytes() / 2 || (!isFull && held < limits.heldBytes());
  }

  /** Looks whether a read can be answered. */
  void match() {
    if (rounds.getAndIncrement() != 0) {
      return;
    }
    int done = 1;
    do {
      matchAll();
      done = rounds.addAndGet(-done);
    } while (done != 0);
  }

  private void matchAll() {
    for (; ; ) {
      // Each is looked at before what is stored ahead of it: a read is opened behind its seek, and
      // chunks are left ahead of the failure or of the cursor in a tail cache that follows them.
      var read = open.get();
      long generation = seek.get().generation();
      var ended = end.get();
      var failed = failureOf(generation);
      var cache = ringOf(generation);
      var chunk = firstOf(generation, ended != null);
      if (read == null) {
        return;
      }
      var batch = chunk != null || cache == null ? null : cache.peek();
      boolean isSuperseded = read.generation != generation;
      boolean isNothingThere = chunk == null && batch == null && failed == null;
      if (ended == null && !isSuperseded && isNothingThere) {
        if (cache != null && cache.isLost()) {
          continue;
        }
        return;
      }
      if (!open.compareAndSet(read, null)) {
        // A read that came after a seek has just taken its place: look anew.
        continue;
      }
      if (ended != null) {
        read.completeExceptionally(ended);
      } else if (isSuperseded) {
        read.supersede();
      } else if (chunk != null) {
        chunks.remove();
        taken.incrementAndGet();
        release(chunk);
        read.complete(chunk.fetched.batch());
      } else if (batch != null) {
        cache.advance(batch);
        read.complete(batch);
      } else {
        read.completeExceptionally(failed);
      }
    }
  }

  /** Null where the reader is in none, or has just fallen out of it. */
  private TailCache.Cursor ringOf(long generation) {
    var now = cursor.get();
    if (now == null || now.generation() != generation) {
      return null;
    }
    if (!now.isLost()) {
      return now;
    }
    if (cursor.compareAndSet(now, null)) {
      filler.onFellBehind(now);
    }
    return null;
  }

  private Chunk firstOf(long generation, boolean hasEnded) {
    var chunk = chunks.peek();
    while (chunk != null && (hasEnded || chunk.generation < generation)) {
      chunks.remove();
      release(chunk);
      chunk = chunks.peek();
    }
    // One of a newer generation: a seek came since, and with it another round.
    return chunk != null && chunk.generation == generation ? chunk : null;
  }

  private StorageException failureOf(long generation) {
    var failed = failure;
    return failed != null && failed.generation() == generation ? failed.reason() : null;
  }

  private void release(Chunk chunk) {
    long held = heldBytes.addAndGet(-chunk.fetched.bytes());
    if (isFull && held <= limits.heldBytes() / 2) {
      filler.onRoom();
    }
  }
}
