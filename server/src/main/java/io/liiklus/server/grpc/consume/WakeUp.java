package io.liiklus.server.grpc.consume;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Timer of one task, of which the earliest time counts. Confined to its event loop. */
final class WakeUp {

  private final EventLoop loop;
  private final Runnable task;

  /** Null: it is not set. */
  private ScheduledFuture<?> timer;

  private long dueNs;

  WakeUp(EventLoop loop, Runnable task) {
    this.loop = loop;
    this.task = task;
  }

  /** Runs the task in this time, or earlier where that was asked for. */
  void in(long delayNs) {
    long wantedNs = System.nanoTime() + delayNs;
    if (timer != null) {
      if (dueNs - wantedNs <= 0) {
        return;
      }
      timer.cancel(false);
    }
    dueNs = wantedNs;
    timer = loop.schedule(this::run, delayNs, TimeUnit.NANOSECONDS);
  }

  private void run() {
    timer = null;
    task.run();
  }

  void cancel() {
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }
}
