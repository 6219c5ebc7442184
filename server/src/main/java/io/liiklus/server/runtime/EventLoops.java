package io.liiklus.server.runtime;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.IoHandlerFactory;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.ServerChannel;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollServerSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Threads that own connections and calls: one that accepts, and a few that do all the rest. On
 * epoll where there is epoll, else on NIO. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

  private static final long CLOSE_MS = 2_000;

  private final EventLoopGroup boss;
  private final EventLoopGroup io;
  private final List<EventLoop> loops;
  private final Class<? extends ServerChannel> channelType;

  private EventLoops(
      EventLoopGroup boss, EventLoopGroup io, Class<? extends ServerChannel> channelType) {
    this.boss = boss;
    this.io = io;
    this.channelType = channelType;
    var all = new ArrayList<EventLoop>();
    for (var executor : io) {
      all.add((EventLoop) executor);
    }
    this.loops = List.copyOf(all);
  }

  /**
   * @param threads how many loops share the connections; 0: one for each processor
   */
  public static EventLoops open(int threads) {
    int count = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    boolean isEpoll = Epoll.isAvailable();
    return new EventLoops(
        group("liiklus-boss", 1, isEpoll),
        group("liiklus-io", count, isEpoll),
        serverChannel(isEpoll));
  }

  /** One loop of its own, which accepts connections and does all the rest. */
  public static EventLoops openSingle(String name) {
    boolean isEpoll = Epoll.isAvailable();
    var loop = group(name, 1, isEpoll);
    return new EventLoops(loop, loop, serverChannel(isEpoll));
  }

  private static Class<? extends ServerChannel> serverChannel(boolean isEpoll) {
    return isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  private static EventLoopGroup group(String name, int threads, boolean isEpoll) {
    IoHandlerFactory io = isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    return new MultiThreadIoEventLoopGroup(threads, new NamedThreads(name), io);
  }

  public EventLoopGroup boss() {
    return boss;
  }

  public EventLoopGroup io() {
    return io;
  }

  public Class<? extends ServerChannel> channelType() {
    return channelType;
  }

  /** Every loop of {@link #io}. */
  public List<EventLoop> loops() {
    return loops;
  }

  /** The loop that runs the caller: a call starts on the one that owns its connection. */
  public EventLoop current() {
    for (int i = 0; i < loops.size(); i++) {
      var loop = loops.get(i);
      if (loop.inEventLoop()) {
        return loop;
      }
    }
    throw new IllegalStateException("not on an event loop: " + Thread.currentThread().getName());
  }

  @Override
  public void close() {
    var closing =
        List.of(
            boss.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS),
            io.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS));
    for (var group : closing) {
      group.awaitUninterruptibly(2 * CLOSE_MS);
    }
  }

  /** Threads named {@code <name>-0} and on. Netty's own names begin with a number of the pool. */
  private static final class NamedThreads extends DefaultThreadFactory {
    private final String name;
    private int next; // Only the group's constructor makes threads.

    private NamedThreads(String name) {
      super(name, true);
      this.name = name;
    }

    @Override
    protected Thread newThread(Runnable task, String ignored) {
      return super.newThread(task, name + "-" + next++);
    }
  }
}
