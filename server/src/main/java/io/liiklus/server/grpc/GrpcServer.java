package io.liiklus.server.grpc;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.liiklus.server.grpc.auth.AuthInterceptor;
import io.liiklus.server.grpc.calls.CallOptions;
import io.liiklus.server.grpc.calls.GatewayCore;
import io.liiklus.server.grpc.calls.ServiceCalls;
import io.liiklus.server.grpc.transport.CallCounter;
import io.liiklus.server.grpc.transport.TransportLogFilter;
import io.liiklus.server.grpc.transport.TransportNegotiator;
import io.liiklus.server.quota.Quotas;
import io.liiklus.server.runtime.EventLoops;
import io.liiklus.server.runtime.ListenAddress;
import io.liiklus.server.runtime.PeriodicTasks;
import io.liiklus.server.security.tls.TlsReload;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The gRPC port, with its health and reflection services. Thread-safe. */
public final class GrpcServer implements AutoCloseable {

  /**
   * Reads of a connection in a row, of up to 64 KiB each, before the others of its event loop have
   * their turn. Netty's own 16 let one that floods be served for milliseconds.
   */
  private static final int READS_IN_A_TURN = 4;

  /** Time that connections have to end once the server closes. */
  private static final long CLOSE_MS = 1_000;

  private final Server server;
  private final HealthStatusManager health;
  private final ConnectedClients clients;
  private final ServiceCalls calls;

  private GrpcServer(
      Server server, HealthStatusManager health, ConnectedClients clients, ServiceCalls calls) {
    this.server = server;
    this.health = health;
    this.clients = clients;
    this.calls = calls;
  }

  /**
   * Binds the port and serves.
   *
   * @throws IOException when the port cannot be bound, or the TLS files cannot be used
   */
  public static GrpcServer open(
      PortOptions options,
      CallOptions callOptions,
      EventLoops loops,
      GatewayCore core,
      Quotas quotas,
      PeriodicTasks periodic,
      Optional<TlsReload> tls)
      throws IOException {
    var address = options.address().resolve();
    TransportLogFilter.quieten();
    var health = new HealthStatusManager();
    var clients = ConnectedClients.open(options, callOptions, loops, core, quotas);
    var calls = new ServiceCalls(core, callOptions, loops);
    try {
      var server =
          builder(address, options, clients, loops, tls)
              .maxInboundMessageSize(callOptions.sizes().maxMessage())
              .maxConcurrentCallsPerConnection(callOptions.sizes().maxCallsPerConnection())
              .addService(calls.definition())
              .addService(GrpcServices.bind(health.getHealthService()))
              .addService(GrpcServices.bind(ProtoReflectionServiceV1.newInstance()))
              .addService(GrpcServices.bind(olderReflection()))
              .build();
      listen(server, options.address());
      var unfinished = clients.unfinished();
      periodic.every(
          options.unfinishedPatience(), "watch of silent requests", unfinished::endSilent);
      periodic.every(AuthInterceptor.LOOK, "watch of expired tokens", clients.auth()::endExpired);
      health.setStatus(LiiklusServiceGrpc.SERVICE_NAME, ServingStatus.SERVING);
      return new GrpcServer(server, health, clients, calls);
    } catch (IOException | RuntimeException | Error failure) {
      clients.auth().close();
      throw failure;
    }
  }

  private static void listen(Server server, ListenAddress address) throws IOException {
    try {
      server.start();
    } catch (IOException failure) {
      throw address.cannotListen(failure.getCause() == null ? failure : failure.getCause());
    }
  }

  /** Of the port and its connections, without services. */
  private static NettyServerBuilder builder(
      SocketAddress address,
      PortOptions options,
      ConnectedClients clients,
      EventLoops loops,
      Optional<TlsReload> tls)
      throws IOException {
    var negotiator =
        tls.isEmpty()
            ? TransportNegotiator.plaintext(clients.connections(), clients.errors())
            : TransportNegotiator.tls(
                tls.get().context(true, GrpcSslContexts::configure),
                clients.connections(),
                clients.errors());
    var server =
        NettyServerBuilder.forAddress(address)
            .bossEventLoopGroup(loops.boss())
            .workerEventLoopGroup(loops.io())
            .channelType(loops.channelType())
            // Calls stay on the event loop of their connection; nothing in them blocks.
            .directExecutor()
            .maxInboundMetadataSize(options.metadataBytes())
            .keepAliveTime(options.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(options.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveTime(options.permitKeepAlive().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .protocolNegotiator(negotiator)
            .flowControlWindow(options.windowBytes())
            .withChildOption(
                ChannelOption.RECVBUF_ALLOCATOR,
                new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(READS_IN_A_TURN));
    return clients.addTo(server.addTransportFilter(negotiator));
  }

  /**
   * Reflection {@code v1alpha}: grpcurl before 1.8.9, grpc_cli and other tools in use know no
   * other.
   */
  @SuppressWarnings("deprecation")
  private static BindableService olderReflection() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
  }

  public int port() {
    return server.getPort();
  }

  /** Bytes of requests that have not ended. */
  public long unfinishedRequestBytes() {
    return clients.unfinished().heldBytes();
  }

  /** Bytes of records that wait for a full storage. */
  public long waitingPublishBytes() {
    return clients.lanes().waitingBytes();
  }

  /** Number of connections that were ended for an error of HTTP/2 on the client's side. */
  public long connectionErrors() {
    return clients.errors().count();
  }

  public CallCounter endedCalls() {
    return clients.endedCalls();
  }

  /**
   * Takes no new work and ends the streams, which leaves the groups. Acks are still served.
   *
   * @return completes when all streams have ended
   */
  public CompletableFuture<Void> drain() {
    health.enterTerminalState();
    return calls.drain();
  }

  /** Returns when no client is connected any more, at the latest after this time. */
  public void awaitClients(Duration longest) {
    clients.connections().awaitNone(longest);
  }

  /** Ends open calls as {@code UNAVAILABLE}, then the connections, and by that unread streams. */
  @Override
  public void close() {
    server.shutdown();
    calls.endWaiting();
    if (!hasTerminated()) {
      clients.connections().closeAll();
      var unused = hasTerminated();
    }
    clients.auth().close();
  }

  private boolean hasTerminated() {
    try {
      return server.awaitTermination(CLOSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
