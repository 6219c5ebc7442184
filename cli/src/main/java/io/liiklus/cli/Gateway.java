package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * A channel to a gateway, and the one thread, "the loop", on which all its answers come.
 * Thread-safe.
 *
 * <p>NIO and not epoll: a client that lives a second spends none of it unpacking a native library.
 */
final class Gateway implements AutoCloseable {

  /** Above what a broker takes by default, and small beside the heap that the script gives. */
  static final int MAX_REPLY_BYTES = 16 << 20;

  private static final long KEEP_ALIVE_SECONDS = 75;
  private static final long CLOSE_MS = 1_000;

  private final GatewayAddresses addresses;
  private final ExecutorService lookUps;
  private final ScheduledExecutorService loop;
  private final MultiThreadIoEventLoopGroup io;
  private final ManagedChannel channel;

  private Gateway(Connection connection) {
    this.addresses = connection.addresses();
    this.lookUps =
        Executors.newSingleThreadExecutor(new DefaultThreadFactory("liiklus-cli-names", true));
    this.loop =
        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("liiklus-cli", true));
    this.io =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("liiklus-cli-io", true), NioIoHandler.newFactory());
    var builder = target();
    if (connection.tls().isPresent()) {
      builder.sslContext(connection.tls().get());
    } else {
      builder.usePlaintext();
    }
    connection.token().ifPresent(token -> builder.intercept(new TokenHeader(token)));
    this.channel =
        builder
            .channelType(NioSocketChannel.class)
            .eventLoopGroup(io)
            .executor(loop)
            // A call that is sent a second time would overtake those behind it.
            .disableRetry()
            .maxInboundMessageSize(MAX_REPLY_BYTES)
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .build();
  }

  // A resolver of one channel alone has no other way in.
  @SuppressWarnings("deprecation")
  private NettyChannelBuilder target() {
    return addresses.isOne()
        ? NettyChannelBuilder.forAddress(addresses.first().host(), addresses.first().port())
        : NettyChannelBuilder.forTarget(AddressResolver.TARGET)
            .nameResolverFactory(AddressResolver.factory(addresses, lookUps));
  }

  static Gateway open(Connection connection) {
    return new Gateway(connection);
  }

  GatewayAddresses address() {
    return addresses;
  }

  ScheduledExecutorService loop() {
    return loop;
  }

  /** Runs a task on the loop, later. */
  void schedule(Runnable task, long delayMs) {
    var unused = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
  }

  LiiklusServiceStub stub() {
    return LiiklusServiceGrpc.newStub(channel);
  }

  /** Lets the next call connect at once, without the channel's backoff. */
  void forgetBackoff() {
    channel.resetConnectBackoff();
  }

  /** Ends running calls; the gateway is notified before this returns, within a bound. */
  @Override
  public void close() {
    try {
      channel.shutdownNow().awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    var unused = io.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS);
    loop.shutdownNow();
    lookUps.shutdownNow();
  }
}
