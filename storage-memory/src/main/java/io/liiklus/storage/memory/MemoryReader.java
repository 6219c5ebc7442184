package io.liiklus.storage.memory;

import io.liiklus.api.OffsetRange;
import io.liiklus.api.PartitionReader;
import io.liiklus.api.RecordBatch;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Reader of a log for one assignment. Thread-safe.
 *
 * <p>Threads: the state is under the reader's lock; the log's lock is taken inside of it, never the
 * other way round. No read is completed and no listener called under it. An open read is completed
 * by the {@code liiklus-memory} thread, which also decides where to go on from an offset that the
 * log does not have: until it has, no batch behind the gap is answered.
 */
final class MemoryReader implements PartitionReader {

  /** Decides where to go on from an offset that the log does not have, and reports the loss. */
  interface Recovery {

    /** On the memory thread. */
    long resumption(long wanted, OffsetRange range);
  }

  private final int partition;
  private final MemoryLog log;
  private final MemoryThread thread;
  private final Recovery recovery;
  private final long startOffset;

  /** The same object each time, so that the log has it at most once. */
  private final Runnable waiter = this::wakeUp;

  // Under the lock.
  private long nextOffset;

  /** Whether it waits for the memory thread to decide where to go on. */
  private boolean isRecovering;

  private CompletableFuture<RecordBatch> openRead;
  private Kind end;

  MemoryReader(
      int partition, MemoryLog log, long startOffset, MemoryThread thread, Recovery recovery) {
    this.partition = partition;
    this.log = log;
    this.thread = thread;
    this.recovery = recovery;
    this.startOffset = startOffset;
    this.nextOffset = startOffset;
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
  public synchronized CompletionStage<RecordBatch> read() {
    if (openRead != null) {
      throw new IllegalStateException("a read of partition " + partition + " is open");
    }
    if (end != null) {
      return CompletableFuture.failedStage(ended(end));
    }
    var batch = nextBatch();
    if (batch != null) {
      return CompletableFuture.completedStage(batch);
    }
    if (isAtEndForGood()) {
      return CompletableFuture.failedStage(ended(Kind.ENDED));
    }
    openRead = new CompletableFuture<>();
    return openRead;
  }

  /** Called by the log, on the thread of an append. */
  private void wakeUp() {
    thread.post(this::answer);
  }

  private void answer() {
    CompletableFuture<RecordBatch> answered;
    MemoryBatch batch;
    synchronized (this) {
      // The read may be gone, or another one have taken its place and all there was.
      batch = openRead == null ? null : nextBatch();
      if (openRead == null || (batch == null && !isAtEndForGood())) {
        return;
      }
      answered = openRead;
      openRead = null;
    }
    if (batch == null) {
      answered.completeExceptionally(ended(Kind.ENDED));
    } else {
      answered.complete(batch);
    }
  }

  /** Under the lock. Null where there is none yet, or a gap before it is yet to be reported. */
  private MemoryBatch nextBatch() {
    if (isRecovering) {
      return null;
    }
    var batch = log.read(nextOffset, waiter);
    if (batch == null) {
      return null;
    }
    if (batch.offset(0) != nextOffset) {
      // The log's start has passed this reader.
      recover();
      return null;
    }
    nextOffset = batch.nextOffset();
    return batch;
  }

  /** Under the lock. */
  private boolean isAtEndForGood() {
    return !isRecovering && log.isEndedAt(nextOffset);
  }

  /** Under the lock. */
  private void recover() {
    if (!isRecovering) {
      isRecovering = true;
      thread.post(this::findResumption);
    }
  }

  private void findResumption() {
    long wanted;
    synchronized (this) {
      wanted = nextOffset;
    }
    var range = log.range();
    long resumed = range.start();
    try {
      resumed = recovery.resumption(wanted, range);
    } finally {
      goOn(wanted, resumed);
      answer();
    }
  }

  private synchronized void goOn(long wanted, long resumed) {
    isRecovering = false;
    if (nextOffset == wanted) {
      nextOffset = resumed;
    } else if (!log.range().canResumeAt(nextOffset)) {
      // A seek came meanwhile.
      recover();
    }
  }

  @Override
  public void seek(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset is negative: " + offset);
    }
    CompletableFuture<RecordBatch> replaced;
    synchronized (this) {
      if (end != null) {
        return;
      }
      replaced = openRead;
      openRead = null;
      nextOffset = offset;
      if (!log.range().canResumeAt(offset)) {
        recover();
      }
    }
    if (replaced != null) {
      var failure = new StorageException(Kind.CLOSED, "a seek took the place of this read");
      Runnable task = () -> replaced.completeExceptionally(failure);
      if (!thread.post(task)) {
        task.run();
      }
    }
  }

  @Override
  public CompletionStage<OffsetRange> range() {
    return CompletableFuture.completedStage(log.range());
  }

  @Override
  public synchronized boolean hasRecords() {
    var range = log.range();
    return end == null && Math.max(nextOffset, range.start()) < range.end();
  }

  /** Ends the open read and refuses those that come; on the memory thread. */
  void end(Kind kind) {
    CompletableFuture<RecordBatch> ended;
    synchronized (this) {
      end = kind;
      ended = openRead;
      openRead = null;
    }
    log.forget(waiter);
    if (ended != null) {
      ended.completeExceptionally(ended(kind));
    }
  }

  private StorageException ended(Kind kind) {
    return new StorageException(
        kind,
        switch (kind) {
          case REVOKED -> "partition " + partition + " was given to another member of the group";
          case ENDED -> "partition " + partition + " has ended";
          default -> "the subscription to partition " + partition + " was closed";
        });
  }
}
