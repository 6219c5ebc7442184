package io.liiklus.server.grpc.publish;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PublishedRecord;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lanes of one event loop in which records wait for the storage, and their turns. Confined to the
 * event loop, but for {@link #onRoom}.
 */
final class LoopLanes {

  /** Number of records that are published before the loop's other work has its turn. */
  private static final int RECORDS_IN_A_TURN = 64;

  /**
   * Number of lanes in a row that the storage refuses before the next notification is awaited. More
   * than one, since a storage may be full for one topic and not for another.
   */
  private static final int REFUSALS_IN_A_ROW = 16;

  /**
   * Bound on the bytes that wait in the lanes of all loops. Thread-safe.
   *
   * @param refusal of a record past it, one for all: a batch may have thousands
   */
  record Bound(
      AtomicLong waitingBytes, long maxWaitingBytes, CompletableFuture<PublishedRecord> refusal) {

    static Bound of(long maxWaitingBytes) {
      var reason =
          StorageException.notStored(
              Kind.EXHAUSTED,
              "more than publish.maxWaitingBytes = "
                  + maxWaitingBytes
                  + " wait for the records storage, which takes no more for now");
      return new Bound(new AtomicLong(), maxWaitingBytes, CompletableFuture.failedFuture(reason));
    }

    /** A record that is alone always may wait. */
    private boolean reserve(long bytes) {
      long all = waitingBytes.addAndGet(bytes);
      if (all == bytes || all <= maxWaitingBytes) {
        return true;
      }
      waitingBytes.addAndGet(-bytes);
      return false;
    }
  }

  private final EventLoop loop;
  private final RecordsStorage records;
  private final Bound bound;

  /** Lanes with records that wait, the next one first. */
  private final Deque<PublishLane> waiting = new ArrayDeque<>();

  private final AtomicBoolean isTurnDue = new AtomicBoolean();

  LoopLanes(EventLoop loop, RecordsStorage records, Bound bound) {
    this.loop = loop;
    this.records = records;
    this.bound = bound;
  }

  RecordsStorage records() {
    return records;
  }

  CompletableFuture<PublishedRecord> refusal() {
    return bound.refusal();
  }

  boolean reserve(long bytes) {
    return bound.reserve(bytes);
  }

  void free(long bytes) {
    bound.waitingBytes().addAndGet(-bytes);
  }

  void add(PublishLane lane) {
    waiting.add(lane);
  }

  void remove(PublishLane lane) {
    waiting.remove(lane);
  }

  /** Any thread. */
  void onRoom() {
    if (isTurnDue.compareAndSet(false, true)) {
      try {
        loop.execute(this::takeTurn);
      } catch (RejectedExecutionException closed) {
        // So are the connections of the loop.
      }
    }
  }

  private void takeTurn() {
    // First, so that room that comes from now on is another turn.
    isTurnDue.set(false);
    int left = RECORDS_IN_A_TURN;
    int refusals = 0;
    while (!waiting.isEmpty() && refusals < Math.min(waiting.size(), REFUSALS_IN_A_ROW)) {
      if (left-- == 0) {
        onRoom();
        return;
      }
      var lane = waiting.remove();
      refusals = lane.publishNext() ? 0 : refusals + 1;
      if (!lane.isEmpty()) {
        waiting.add(lane);
      }
    }
  }
}
