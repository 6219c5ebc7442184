package io.liiklus.storage.group;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The few threads that turn the loops of all subscriptions. Thread-safe.
 *
 * <p>A member has one turn at a time, on whichever thread is free. What waits within its turn, as a
 * revocation does for acks, has another thread take its place meanwhile, up to {@link #MOST_SPARE}.
 */
public final class MemberScheduler implements Executor {

  /** How many turns may wait for something before other members have to wait for them. */
  private static final int MOST_SPARE = 32;

  /** What is done at each turn. */
  public interface Member {

    /** Returns how long it may take until the next turn, in nanoseconds; below 0: it is over. */
    long turn();
  }

  /** What may block. */
  public interface Blocking<E extends Exception> {
    void run() throws E;
  }

  private final int threadCount;
  private final ScheduledThreadPoolExecutor threads;
  private int blocked; // Guarded by this.

  public MemberScheduler(int threadCount) {
    this.threadCount = threadCount;
    var number = new AtomicInteger();
    this.threads =
        new ScheduledThreadPoolExecutor(
            threadCount,
            task -> {
              var thread = new Thread(task, "liiklus-member-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    threads.setRemoveOnCancelPolicy(true);
    threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** Its turns begin with the first {@link Schedule#wake}. */
  public Schedule add(Member member) {
    return new Schedule(member);
  }

  /** The turns of one member. Thread-safe. */
  public final class Schedule {

    private final Member member;

    // Guarded by this.
    private ScheduledFuture<?> next;

    /** Which turn is the next one: one that was called off may have begun meanwhile. */
    private long nextNumber;

    private boolean isRunning;
    private boolean isWoken;
    private boolean isOver;

    private Schedule(Member member) {
      this.member = member;
    }

    /** Has the next turn begin as soon as a thread is free. */
    public synchronized void wake() {
      if (isRunning) {
        isWoken = true;
      } else if (!isOver) {
        if (next != null) {
          next.cancel(false);
        }
        schedule(0);
      }
    }

    private void run(long number) {
      synchronized (this) {
        if (number != nextNumber) {
          return;
        }
        isRunning = true;
        isWoken = false;
      }
      long delayNs = -1;
      try {
        delayNs = member.turn();
      } finally {
        synchronized (this) {
          isRunning = false;
          isOver = delayNs < 0;
          if (!isOver) {
            schedule(isWoken ? 0 : delayNs);
          }
        }
      }
    }

    private void schedule(long delayNs) {
      if (!threads.isShutdown()) {
        long number = ++nextNumber;
        next = threads.schedule(() -> run(number), delayNs, TimeUnit.NANOSECONDS);
      }
    }
  }

  /** Runs it in the middle of a turn, with another thread for the other members. */
  public <E extends Exception> void block(Blocking<E> blocking) throws E {
    resize(1);
    try {
      blocking.run();
    } finally {
      resize(-1);
    }
  }

  private synchronized void resize(int more) {
    blocked += more;
    threads.setCorePoolSize(threadCount + Math.min(blocked, MOST_SPARE));
  }

  /** Waits in the middle of a turn, as {@link #block} does. */
  public void await(CompletableFuture<?> awaited, Duration longest)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (awaited.isDone()) {
      awaited.get();
      return;
    }
    resize(1);
    try {
      awaited.get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } finally {
      resize(-1);
    }
  }

  /** Runs a short task beside the turns; after {@link #close} on the caller's thread. */
  @Override
  public void execute(Runnable task) {
    try {
      threads.execute(task);
    } catch (RejectedExecutionException closed) {
      task.run();
    }
  }

  public void close() {
    threads.shutdown();
  }
}
