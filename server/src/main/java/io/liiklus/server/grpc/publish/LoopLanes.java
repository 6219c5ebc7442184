package io.liiklus.server.grpc.publish;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.processing.PreProcessors;
import java.util.ArrayDeque;
import java.util.Deque;
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

  /** What became of the first in a lane. */
  enum Turn {
    TAKEN,
    STORAGE_FULL,

    /** The request is not parsed, as too many records wait. */
    NO_ROOM,

    /** The request is not parsed, as its caller has published more than its quota. */
    OVER_RATE
  }

  private final EventLoop loop;
  private final RecordsStorage records;
  private final PreProcessors processors;
  private final long maxWaitingBytes;

  /** Written on the loop alone. */
  private final AtomicLong waitingBytes = new AtomicLong();

  /** Written on the loop alone. */
  private final AtomicLong processingBytes = new AtomicLong();

  /** Lanes with records that wait, the next one first. */
  private final Deque<PublishLane> waiting = new ArrayDeque<>();

  private final AtomicBoolean isTurnDue = new AtomicBoolean();

  /**
   * Lanes of a loop, without one so far.
   *
   * @param maxWaitingBytes of records; past it requests wait unparsed
   */
  LoopLanes(
      EventLoop loop, RecordsStorage records, PreProcessors processors, long maxWaitingBytes) {
    this.loop = loop;
    this.records = records;
    this.processors = processors;
    this.maxWaitingBytes = maxWaitingBytes;
  }

  EventLoop loop() {
    return loop;
  }

  PreProcessors processors() {
    return processors;
  }

  /** Counts a record that goes to the processors; false where too many are with them. */
  boolean beginProcessing(long bytes) {
    long before = processingBytes.getPlain();
    if (before > 0 && before + bytes > maxWaitingBytes) {
      return false;
    }
    processingBytes.lazySet(before + bytes);
    return true;
  }

  void endProcessing(long bytes) {
    processingBytes.lazySet(processingBytes.getPlain() - bytes);
  }

  RecordsStorage records() {
    return records;
  }

  /** Bytes of the records that wait, for the storage or for processors. Any thread. */
  long waitingBytes() {
    return waitingBytes.get() + processingBytes.get();
  }

  /** Whether one more request may start, however many records it has. */
  boolean hasRoom() {
    return waitingBytes.getPlain() < maxWaitingBytes;
  }

  void hold(long bytes) {
    waitingBytes.lazySet(waitingBytes.getPlain() + bytes);
  }

  void free(long bytes) {
    waitingBytes.lazySet(waitingBytes.getPlain() - bytes);
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
    int idle = 0;
    while (idle < waiting.size() && refusals < REFUSALS_IN_A_ROW) {
      if (left-- == 0) {
        onRoom();
        return;
      }
      var lane = waiting.remove();
      switch (lane.publishNext()) {
        case TAKEN -> refusals = idle = 0;
        case STORAGE_FULL -> {
          refusals++;
          idle++;
        }
        // Where none waits for the storage there is room: the turn ends with a lane that does.
        case NO_ROOM, OVER_RATE -> idle++;
      }
      if (!lane.isEmpty()) {
        waiting.add(lane);
      }
    }
  }
}
