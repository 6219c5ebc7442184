package io.liiklus.server.grpc.consume;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PositionId;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.server.session.Acks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Stores the newest position of one partition, in one write at a time and no more often than {@link
 * #SPACING}. A storage that is away is tried again for as long as the partition is held. Confined
 * to the call's event loop.
 */
final class PositionWriter {

  /** Notified of the outcome of writes. */
  interface Listener {

    /**
     * @param passed as it was given with the position
     */
    void onStored(long position, long passed);

    /** The storage refuses, and will. */
    void onRefused(StorageException failure);
  }

  static final Duration SPACING = Duration.ofMillis(20);
  private static final Duration RETRY_AFTER = Duration.ofMillis(200);

  /** Bound on one write; it is begun again behind it. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** The same of the last write of a partition. */
  static final Duration LAST_PATIENCE = Duration.ofSeconds(5);

  private static final long NONE = Long.MIN_VALUE;

  private final Acks acks;
  private final PositionId id;
  private final EventLoop loop;
  private final Listener listener;
  private final WakeUp wakeUp;

  private long wanted = NONE;
  private long passed;
  private long begun = NONE;
  private long stored = NONE;

  /** Null: no write is under way. */
  private CompletableFuture<Void> writing;

  private boolean isClosed;

  /** The next write is not before. */
  private long nextNs = System.nanoTime();

  PositionWriter(Acks acks, PositionId id, EventLoop loop, Listener listener) {
    this.acks = acks;
    this.id = id;
    this.loop = loop;
    this.listener = listener;
    this.wakeUp = new WakeUp(loop, this::writeInTime);
  }

  /** Stores a position, unless a newer one comes before. */
  void store(long position, long passedRecords) {
    if (position != NONE && position != wanted) {
      wanted = position;
      passed = passedRecords;
      writeInTime();
    }
  }

  private void writeInTime() {
    if (isClosed || writing != null || wanted == begun) {
      return;
    }
    long delayNs = nextNs - System.nanoTime();
    if (delayNs <= 0) {
      var unused = write(PATIENCE);
    } else {
      wakeUp.in(delayNs);
    }
  }

  private CompletableFuture<Void> write(Duration patience) {
    long position = wanted;
    long positionPassed = passed;
    begun = position;
    nextNs = System.nanoTime() + SPACING.toNanos();
    var write = new CompletableFuture<Void>();
    writing = write;
    CompletionStage<Void> ack = acks.ack(id, position, patience);
    var unused =
        ack.whenCompleteAsync(
            (none, failure) -> onWritten(write, position, positionPassed, failure), loop);
    return write;
  }

  private void onWritten(
      CompletableFuture<Void> write, long position, long positionPassed, Throwable failure) {
    if (writing == write) {
      writing = null;
    }
    if (failure == null) {
      stored = Math.max(stored, position);
      if (!isClosed) {
        listener.onStored(position, positionPassed);
      }
      write.complete(null);
    } else {
      onFailed(StorageException.of(failure));
      write.completeExceptionally(failure);
    }
    writeInTime();
  }

  private void onFailed(StorageException failure) {
    if (isClosed) {
      return;
    }
    if (writing == null) {
      begun = stored;
    }
    if (failure.kind() == Kind.UNAVAILABLE || failure.kind() == Kind.EXHAUSTED) {
      nextNs = System.nanoTime() + RETRY_AFTER.toNanos();
    } else {
      listener.onRefused(failure);
    }
  }

  /**
   * Stores the newest position at once.
   *
   * @return completes on the loop when it is stored; fails when it is not
   */
  CompletableFuture<Void> flush(Duration patience) {
    if (wanted == NONE || wanted == stored) {
      return CompletableFuture.completedFuture(null);
    }
    return writing != null && wanted == begun ? writing : write(patience);
  }

  /** From now on nothing is written, and nobody is notified. */
  void close() {
    isClosed = true;
    wakeUp.cancel();
  }
}
