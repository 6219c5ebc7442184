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
import java.util.function.Supplier;

/**
 * Where the poll thread leaves the batches of one assigned partition for who reads it. Thread-safe.
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
final class HandOff implements PartitionReader {

  /** Where reading is to go on; the first one is where the assignment began. */
  record Seek(long generation, long offset) {}

  /**
   * @param heldBytes how much may be held ready; one batch more than this is
   * @param copyNs how long a batch may wait before it is copied out of the fetch that it pins
   */
  record Limits(long heldBytes, long copyNs) {}

  private static final class Chunk {
    private final long generation;
    private final long leftNs;
    private volatile RecordBatch batch;
    private boolean isCopied; // Poll thread only.

    private Chunk(long generation, long leftNs, RecordBatch batch) {
      this.generation = generation;
      this.leftNs = leftNs;
      this.batch = batch;
    }

    private void copy() {
      if (!isCopied) {
        isCopied = true;
        batch = batch.copyFrom(0);
      }
    }
  }

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
  private final Runnable wake;
  private final Supplier<CompletionStage<OffsetRange>> range;

  // Any thread.
  private final AtomicReference<Seek> seek;
  private final AtomicReference<Read> open = new AtomicReference<>();
  private final AtomicReference<StorageException> end = new AtomicReference<>();
  private volatile Failure failure;
  private final Queue<Chunk> chunks = new ConcurrentLinkedQueue<>();
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicInteger rounds = new AtomicInteger();
  private final AtomicInteger taken = new AtomicInteger();
  private volatile boolean isFull;

  // Poll thread only.
  private long appliedGeneration;

  /** How many chunks had been taken when last looked, and when that had last grown. */
  private int takenBefore;

  private long takenNs;

  /**
   * @param wake gets the poll thread to look at its partitions again
   * @param range asks for what the log holds
   */
  HandOff(
      int partition,
      long startOffset,
      Limits limits,
      Runnable wake,
      Supplier<CompletionStage<OffsetRange>> range) {
    this.partition = partition;
    this.startOffset = startOffset;
    this.limits = limits;
    this.wake = wake;
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
    wake.run();
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return range.get();
  }

  @Override
  public boolean hasRecords() {
    long generation = seek.get().generation();
    var first = chunks.peek();
    return first != null && first.generation == generation;
  }

  /** Poll thread: the seek that it has not carried out yet, or null. */
  Seek takeSeek() {
    var wanted = seek.get();
    if (wanted.generation() == appliedGeneration) {
      return null;
    }
    appliedGeneration = wanted.generation();
    return wanted;
  }

  /** Poll thread: leaves what was fetched since the last seek it took. */
  void offer(RecordBatch batch, long nowNs) {
    var chunk = new Chunk(appliedGeneration, nowNs, batch);
    if (taken.get() != takenBefore) {
      takenBefore = taken.get();
      takenNs = nowNs;
    }
    boolean isRead = takenBefore > 0 && nowNs - takenNs < limits.copyNs();
    if (!isRead && open.get() == null) {
      chunk.copy();
    }
    heldBytes.addAndGet(batch.bytes());
    chunks.add(chunk);
    match();
  }

  /**
   * Poll thread: copies what has waited for long. A batch pins the whole fetch that it came with,
   * which may be thousands of times larger; who reads has it soon, and costs no copy.
   */
  void copyLeftOvers(long nowNs) {
    for (var chunk : chunks) {
      if (nowNs - chunk.leftNs < limits.copyNs()) {
        return;
      }
      chunk.copy();
    }
  }

  /** Poll thread: behind what it left, fails the reads with this until a seek goes elsewhere. */
  void fail(StorageException reason) {
    failure = new Failure(appliedGeneration, reason);
    match();
  }

  /** Poll thread: fails the open read with this, and all that follow. */
  void end(StorageException reason) {
    end.compareAndSet(null, reason);
    match();
  }

  /** Poll thread: whether the partition is to be paused. Once full, it is until half is gone. */
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

  private void match() {
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
      long generation = seek.get().generation();
      var ended = end.get();
      var chunk = firstOf(generation, ended != null);
      var read = open.get();
      if (read == null) {
        return;
      }
      boolean isSuperseded = read.generation != generation;
      var failed = failureOf(generation);
      if (ended == null && !isSuperseded && chunk == null && failed == null) {
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
      } else if (chunk == null) {
        read.completeExceptionally(failed);
      } else {
        chunks.remove();
        taken.incrementAndGet();
        release(chunk);
        read.complete(chunk.batch);
      }
    }
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
    long held = heldBytes.addAndGet(-chunk.batch.bytes());
    if (isFull && held <= limits.heldBytes() / 2) {
      wake.run();
    }
  }
}
