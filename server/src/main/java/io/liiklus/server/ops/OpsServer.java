package io.liiklus.server.ops;

import io.grpc.netty.shaded.io.netty.bootstrap.ServerBootstrap;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.channel.ChannelInitializer;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.netty.shaded.io.netty.channel.FixedRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpDecoderConfig;
import io.grpc.netty.shaded.io.netty.handler.codec.http.HttpServerCodec;
import io.grpc.netty.shaded.io.netty.handler.flow.FlowControlHandler;
import io.grpc.netty.shaded.io.netty.handler.stream.ChunkedWriteHandler;
import io.grpc.netty.shaded.io.netty.util.ReferenceCountUtil;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.Settings;
import io.liiklus.server.runtime.EventLoops;
import io.liiklus.server.runtime.ListenAddress;
import io.liiklus.server.security.tls.TlsReload;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * The HTTP port of health and metrics. Thread-safe.
 *
 * <ul>
 *   <li>{@code /health}: 200 while the gateway serves and both storages answer, else 503; says
 *       which. For readiness, and for people.
 *   <li>{@code /health/live}: 200 as long as the process answers. For the supervisor that restarts
 *       it.
 *   <li>{@code /prometheus}: metrics, in the format that the scraper accepts.
 * </ul>
 *
 * <p>It has an event loop of its own, on which nothing blocks: neither a slow storage, nor a
 * scrape, nor a client that sends or reads slowly keeps an answer from another.
 */
public final class OpsServer implements AutoCloseable {

  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_CHUNK_BYTES = 8 * 1024;

  /**
   * Bytes that are read at once. Bounds how many pipelined requests are held: each has 16 bytes.
   */
  private static final int READ_BYTES = 2 * 1024;

  /** Socket buffer for a client's requests, and for answers that it does not read. */
  private static final int RECEIVE_BUFFER_BYTES = 32 * 1024;

  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  /**
   * The settings below {@code server}. Immutable.
   *
   * @param connections past that, the one goes that has waited longest for its client
   * @param request from its first byte, or from connecting, to its end
   * @param answer from the end of the request until its answer was sent
   * @param idle between two requests
   * @param access TLS and token
   */
  public record Options(
      boolean isEnabled,
      ListenAddress address,
      int connections,
      Duration request,
      Duration answer,
      Duration idle,
      OpsAccess access) {

    private static final Duration SHORTEST = Duration.ofMillis(10);

    public static Options read(Settings server) {
      return new Options(
          server.flag("enabled"),
          ListenAddress.read("server", server),
          server.integer("maxConnections", 1, 65_536),
          server.duration("requestTimeout", SHORTEST, Duration.ofHours(1)),
          server.duration("answerTimeout", SHORTEST, Duration.ofHours(1)),
          server.duration("idleTimeout", SHORTEST, Duration.ofDays(1)),
          OpsAccess.read(server));
    }
  }

  private final EventLoops loop;
  private final Channel channel;
  private final HealthPage health;
  private final MetricsPage metrics;

  private OpsServer(EventLoops loop, Channel channel, HealthPage health, MetricsPage metrics) {
    this.loop = loop;
    this.channel = channel;
    this.health = health;
    this.metrics = metrics;
  }

  /**
   * Binds the port. {@code /health} says that the gateway is not up until {@link #beginServing}.
   *
   * @param tls the files of TLS, where the options have it
   * @throws IOException naming the setting, when the port cannot be bound
   */
  public static OpsServer open(
      Options options,
      RecordsStorage records,
      PositionsStorage positions,
      GatewayMetrics metrics,
      Optional<TlsReload> tls)
      throws IOException {
    var address = options.address().resolve();
    var sslContext = options.access().context(tls);
    var loop = EventLoops.openSingle("liiklus-ops");
    var healthPage = new HealthPage(records, positions);
    var metricsPage = new MetricsPage(positions, metrics);
    var connections = new OpsConnections(options.connections());
    var pages = new Pages(healthPage, metricsPage, options.access());
    var bound =
        new ServerBootstrap()
            .group(loop.boss(), loop.io())
            .channel(loop.channelType())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
            .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    sslContext.ifPresent(
                        context -> client.pipeline().addLast(context.newHandler(client.alloc())));
                    addHandlers(client, new OpsConnection(options, connections, pages));
                  }
                })
            .bind(address)
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      metricsPage.close();
      loop.close();
      throw options.address().cannotListen(bound.cause());
    }
    return new OpsServer(loop, bound.channel(), healthPage, metricsPage);
  }

  private static void addHandlers(Channel client, OpsConnection connection) {
    var decoding =
        new HttpDecoderConfig()
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxChunkSize(MAX_CHUNK_BYTES);
    client
        .pipeline()
        .addLast(
            new BytesTap(connection),
            new HttpServerCodec(decoding),
            // Delays pipelined requests until the one before is answered.
            new FlowControlHandler(),
            new ChunkedWriteHandler(),
            connection);
  }

  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** From now on {@code /health} asks the storages: all else is there. */
  public void beginServing() {
    health.enter(HealthPage.Phase.SERVING);
  }

  /** From now on {@code /health} says that the gateway takes no new work. */
  public void drain() {
    health.enter(HealthPage.Phase.DRAINING);
  }

  @Override
  public void close() {
    var unused = channel.close().awaitUninterruptibly();
    metrics.close();
    loop.close();
  }

  /**
   * Reports bytes to a connection before they are decoded, and drops those that it does not want.
   */
  private static final class BytesTap extends ChannelInboundHandlerAdapter {

    private final OpsConnection connection;

    private BytesTap(OpsConnection connection) {
      this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
      if (connection.onBytes()) {
        ctx.fireChannelRead(bytes);
      } else {
        ReferenceCountUtil.release(bytes);
      }
    }
  }
}
