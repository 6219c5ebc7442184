package io.liiklus.server.model;

import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelFuture;
import io.grpc.netty.shaded.io.netty.channel.ChannelPromise;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.grpc.netty.shaded.io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** An event loop that runs one task when it is told to. Confined to the test's thread. */
public final class SteppedEventLoop extends AbstractScheduledEventExecutor implements EventLoop {

  private final LongSupplier clockNs;
  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private boolean isRunning;

  public SteppedEventLoop(LongSupplier clockNs) {
    this.clockNs = clockNs;
  }

  /** Returns false when there was nothing to run. */
  public boolean runOne() {
    isRunning = true;
    try {
      fetchFromScheduledTaskQueue(tasks);
      var task = tasks.poll();
      if (task == null) {
        return false;
      }
      task.run();
      return true;
    } finally {
      isRunning = false;
    }
  }

  boolean hasTasks() {
    return !tasks.isEmpty() || hasScheduledTasks();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  @SuppressWarnings("deprecation")
  protected long getCurrentTimeNanos() {
    return clockNs.getAsLong();
  }

  @Override
  public boolean inEventLoop() {
    return isRunning;
  }

  @Override
  public boolean inEventLoop(Thread thread) {
    return isRunning;
  }

  @Override
  public EventLoop next() {
    return this;
  }

  @Override
  public EventLoopGroup parent() {
    return this;
  }

  @Override
  public ChannelFuture register(Channel channel) {
    throw new UnsupportedOperationException();
  }

  @Override
  @Deprecated
  public ChannelFuture register(ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Future<?> terminationFuture() {
    throw new UnsupportedOperationException();
  }

  @Override
  @Deprecated
  public void shutdown() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isShuttingDown() {
    return false;
  }

  @Override
  public boolean isShutdown() {
    return false;
  }

  @Override
  public boolean isTerminated() {
    return false;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    throw new UnsupportedOperationException();
  }
}
