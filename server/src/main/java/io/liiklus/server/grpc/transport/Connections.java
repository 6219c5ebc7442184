package io.liiklus.server.grpc.transport;

import io.grpc.Attributes;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The clients that are connected: their number and their channels. Thread-safe. */
public final class Connections extends ServerTransportFilter {

  /** Each open channel, from before its handshake on, with its HTTP/2 handler. */
  private final Map<Channel, ChannelHandler> channels = new ConcurrentHashMap<>();

  // Guarded by this.
  private int count;

  void watch(Channel channel, ChannelHandler http2) {
    channels.put(channel, http2);
    var unused = channel.closeFuture().addListener(closed -> channels.remove(channel));
  }

  @Override
  public synchronized Attributes transportReady(Attributes attributes) {
    count++;
    return attributes;
  }

  @Override
  public synchronized void transportTerminated(Attributes attributes) {
    // Null where it ended before it was ready, as one does whose TLS handshake fails.
    if (attributes != null) {
      count--;
      notifyAll();
    }
  }

  public synchronized void awaitNone(Duration longest) {
    long deadlineNs = System.nanoTime() + longest.toNanos();
    long leftMs = longest.toMillis();
    try {
      while (count > 0 && leftMs > 0) {
        wait(leftMs);
        leftMs = (deadlineNs - System.nanoTime()) / 1_000_000;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Closes all channels and resets no stream, so that the clients' open calls end as {@code
   * UNAVAILABLE}: that is what a client reports where its connection ends. A stream that is reset
   * ends as {@code CANCELLED} instead, as gRPC's own forced shutdown does to each whose trailers
   * wait behind data that its client has not read.
   */
  public void closeAll() {
    channels.forEach(Connections::close);
  }

  private static void close(Channel channel, ChannelHandler http2) {
    // The HTTP/2 handler itself takes a close as a graceful one, which waits for the streams.
    var context = channel.pipeline().context(http2);
    var unused = context == null ? channel.close() : context.close();
  }
}
