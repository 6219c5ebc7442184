package io.liiklus.storage.read;

import io.liiklus.storage.read.CatchUpReaderPool.Starter;
import io.liiklus.storage.read.CatchUpReaderPool.Worker;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Threads of a {@link CatchUpReaderPool}: how many run, and which of them wait for work.
 * Thread-safe, without a lock, as event loops wake readers.
 */
final class CatchUpReaders {

  private final int maxReaders;
  private final LongSupplier clockNs;
  private final LogReaders logReaders;
  private final Starter starter;

  /** Readers that wait for a partition. */
  private final Deque<Worker> idle = new ConcurrentLinkedDeque<>();

  /** Readers that wait for room in a full one. */
  private final Deque<Worker> lingering = new ConcurrentLinkedDeque<>();

  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger started = new AtomicInteger();
  private volatile boolean isClosed;

  CatchUpReaders(int maxReaders, LongSupplier clockNs, LogReaders logReaders, Starter starter) {
    this.maxReaders = maxReaders;
    this.clockNs = clockNs;
    this.logReaders = logReaders;
    this.starter = starter;
  }

  /** An idle reader, else a new one, else one that lingers; else those that are busy come by. */
  void wakeOne() {
    var waiter = idle.poll();
    if (waiter == null && reserve()) {
      start();
      return;
    }
    waiter = waiter == null ? lingering.poll() : waiter;
    if (waiter != null) {
      waiter.wake();
    }
  }

  /** Null where none is idle. The caller wakes it. */
  Worker pollIdle() {
    return idle.poll();
  }

  /** False where there are as many readers as there may be. */
  private boolean reserve() {
    int now;
    do {
      now = running.get();
      if (now >= maxReaders) {
        return false;
      }
    } while (!running.compareAndSet(now, now + 1));
    return true;
  }

  private void start() {
    try {
      starter.start(started.getAndIncrement());
    } catch (OutOfMemoryError noThread) {
      running.decrementAndGet();
      logReaders.onFault(noThread);
    }
  }

  /** A reader ends, or is about to. */
  void onEnded() {
    running.decrementAndGet();
  }

  /** Waits for a partition; see {@link #await}. */
  boolean awaitPartition(Worker worker, long untilNs, BooleanSupplier isToWait) {
    return await(worker, idle, untilNs, isToWait);
  }

  /** Waits for room in a partition; see {@link #await}. */
  boolean awaitRoom(Worker worker, long untilNs, BooleanSupplier isToWait) {
    return await(worker, lingering, untilNs, isToWait);
  }

  /**
   * Waits until the worker is woken.
   *
   * @param waiters where the worker is found meanwhile
   * @param isToWait asked again once the worker can be found, so that no want is missed
   * @return false once the time is over, or the thread is interrupted
   */
  private boolean await(
      Worker worker, Deque<Worker> waiters, long untilNs, BooleanSupplier isToWait) {
    long leftNs = untilNs - clockNs.getAsLong();
    if (leftNs <= 0 || Thread.currentThread().isInterrupted()) {
      return false;
    }
    waiters.add(worker);
    if (isToWait.getAsBoolean() && !isClosed) {
      LockSupport.parkNanos(leftNs);
    }
    waiters.remove(worker);
    return true;
  }

  /** Wakes all that wait, and lets none wait any more. */
  void close() {
    isClosed = true;
    for (var waiters : List.of(idle, lingering)) {
      for (var waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
        waiter.wake();
      }
    }
  }
}
