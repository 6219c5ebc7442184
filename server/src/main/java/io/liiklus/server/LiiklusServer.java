package io.liiklus.server;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.grpc.GrpcServer;
import io.liiklus.server.grpc.calls.CallTimings;
import io.liiklus.server.grpc.calls.GrpcParts;
import io.liiklus.server.grpc.calls.ReceiveOptions;
import io.liiklus.server.grpc.codec.request.PublishBounds;
import io.liiklus.server.grpc.codec.request.PublishDecoder;
import io.liiklus.server.grpc.publish.PublishRules;
import io.liiklus.server.ops.GatewayMetrics;
import io.liiklus.server.ops.OpsServer;
import io.liiklus.server.ops.StorageWatch;
import io.liiklus.server.runtime.EventLoops;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Retry;
import io.liiklus.server.session.Sessions;
import io.liiklus.server.settings.Configuration;
import io.liiklus.server.settings.RequestSizes;
import io.liiklus.server.settings.ServerSettings;
import io.liiklus.server.settings.TlsSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The liiklus process: builds every part by hand, once, and takes them down in reverse. Confined to
 * the thread that starts it, then to the one that closes it.
 */
public final class LiiklusServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LiiklusServer.class);

  /** How often it is looked for storages that are away and assignments that nobody receives. */
  private static final long WATCH_SECONDS = 5;

  private final Teardown teardown;
  private final GrpcServer grpc;
  private final OpsServer ops;

  private final Duration shutdownDeadline;

  private LiiklusServer(
      Teardown teardown, GrpcServer grpc, OpsServer ops, Duration shutdownDeadline) {
    this.teardown = teardown;
    this.grpc = grpc;
    this.ops = ops;
    this.shutdownDeadline = shutdownDeadline;
  }

  /** Returns once the ports are bound and records can flow. On failure nothing is left open. */
  public static LiiklusServer start(Configuration loaded) throws IOException {
    var teardown = new Teardown();
    try {
      return open(loaded, teardown);
    } catch (IOException | RuntimeException failure) {
      teardown.close();
      throw failure;
    }
  }

  private static LiiklusServer open(Configuration loaded, Teardown teardown) throws IOException {
    var settings = ServerSettings.read(loaded.settings());
    teardown.push("plugins", loaded);
    var loops = teardown.push("event loops", EventLoops.open(settings.ioThreads()));
    var positions = teardown.push("positions storage", loaded.openPositions());
    var records = teardown.push("records storage", loaded.openRecords(positions::coordination));
    var sizes = requestSizes(settings, records);
    var metrics = new GatewayMetrics();
    var acks = acks(settings, positions, loops);
    var sessions = sessions(settings, records, acks, positions, metrics, loops);
    metrics.watch(sessions, acks);
    metrics.watch(records.measures());
    var watches =
        List.of(
            new StorageWatch("records", records::check),
            new StorageWatch("positions", positions::check));
    metrics.watchStorages(watches);
    watches.forEach(watch -> every(loops, watch));
    every(loops, sessions::warnOfUnread);
    var ops = settings.ops().isEnabled() ? openOps(settings, records, positions, metrics) : null;
    if (ops != null) {
      teardown.push("HTTP server", ops);
    }
    if (!settings.grpc().isEnabled()) {
      beginServing(ops);
      return new LiiklusServer(teardown, null, ops, settings.shutdown().deadline());
    }
    var grpc =
        teardown.push(
            "gRPC server",
            GrpcServer.open(
                options(settings, sizes),
                loops,
                new GrpcParts(records, positions, sessions, acks),
                rules(settings.publish(), sizes),
                timings(settings)));
    metrics.watchRequests(grpc::unfinishedRequestBytes, grpc::waitingPublishBytes);
    metrics.watchCalls(grpc.endedCalls());
    metrics.watchConnectionErrors(grpc::connectionErrors);
    // Last to be built, first to go: streams end while the port still takes the acks of what they
    // delivered.
    teardown.push("streams", () -> drain(grpc, ops, sessions, acks, settings));
    beginServing(ops);
    return new LiiklusServer(teardown, grpc, ops, settings.shutdown().deadline());
  }

  private static Acks acks(ServerSettings settings, PositionsStorage positions, EventLoops loops) {
    var calls = settings.calls();
    return new Acks(
        positions,
        loops.loops(),
        EventLoop::inEventLoop,
        new Acks.Bounds(
            calls.maxWaitingAcksPerPosition(),
            calls.maxWaitingAcks(),
            calls.maxPositionWritesPerSecond()));
  }

  private static Sessions sessions(
      ServerSettings settings,
      RecordsStorage records,
      Acks acks,
      PositionsStorage positions,
      GatewayMetrics metrics,
      EventLoops loops) {
    var timer = loops.loops().get(0);
    var bounds =
        new Sessions.Bounds(settings.sessions().max(), settings.sessions().unreadWarning());
    return new Sessions(records, positions, acks, metrics, Retry.on(timer), bounds);
  }

  private static void every(EventLoops loops, Runnable watch) {
    var unused =
        loops
            .loops()
            .get(0)
            .scheduleWithFixedDelay(watch, WATCH_SECONDS, WATCH_SECONDS, TimeUnit.SECONDS);
  }

  private static OpsServer openOps(
      ServerSettings settings,
      RecordsStorage records,
      PositionsStorage positions,
      GatewayMetrics metrics)
      throws IOException {
    var ops = settings.ops();
    var address = address("server.host", ops.host(), ops.port());
    var bounds =
        new OpsServer.Bounds(
            ops.maxConnections(), ops.requestTimeout(), ops.answerTimeout(), ops.idleTimeout());
    try {
      return OpsServer.open(address, bounds, records, positions, metrics);
    } catch (IOException failure) {
      throw new IOException(
          "server.port: cannot listen on " + address + ": " + failure.getMessage(), failure);
    }
  }

  private static void beginServing(OpsServer ops) {
    if (ops != null) {
      ops.beginServing();
    }
  }

  private static InetSocketAddress address(String key, String host, int port) throws IOException {
    var address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException(
          key + ": " + host + " cannot be found; an address or a name of this machine");
    }
    return address;
  }

  private static RequestSizes requestSizes(ServerSettings settings, RecordsStorage records) {
    long maxRecord = records.maxRecordBytes();
    var sizes = settings.requestSizes().fitting(maxRecord, Runtime.getRuntime().maxMemory());
    log.info(
        "sizes in bytes, maxRecord={} grpc.maxInboundMessageSize={} publish.maxBatchBytes={}"
            + " grpc.maxUnfinishedRequestBytes={}",
        maxRecord,
        sizes.maxMessage(),
        sizes.maxBatch(),
        sizes.maxUnfinished());
    if (!sizes.haveRoomFor(maxRecord)) {
      log.warn(
          "the largest records are refused, as requests with them are larger than what is set, or"
              + " than a quarter of the heap or of grpc.maxUnfinishedRequestBytes, maxRecord={}"
              + " grpc.maxInboundMessageSize={}",
          maxRecord,
          sizes.maxMessage());
    }
    return sizes;
  }

  private static GrpcServer.Options options(ServerSettings settings, RequestSizes sizes)
      throws IOException {
    var grpc = settings.grpc();
    var receive = settings.receive();
    return new GrpcServer.Options(
        address("grpc.host", grpc.host(), grpc.port()),
        new GrpcServer.Bounds(
            sizes.maxMessage(),
            grpc.maxInboundMetadataSize(),
            grpc.flowControlWindow(),
            sizes.maxUnfinished(),
            grpc.unfinishedRequestTimeout(),
            sizes.maxCallsPerConnection(),
            settings.calls().maxWaitingReads()),
        grpc.keepAliveTime(),
        grpc.keepAliveTimeout(),
        grpc.permitKeepAliveTime(),
        new ReceiveOptions(receive.readyThreshold(), receive.maxReplyBytes(), receive.copyAfter()),
        Optional.ofNullable(grpc.tls()).map(TlsSettings::files));
  }

  private static PublishRules rules(ServerSettings.PublishSettings publish, RequestSizes sizes) {
    return new PublishRules(
        new PublishDecoder(publish.isEmptyKeyNull(), publish.maxHeaders()),
        new PublishBounds(publish.maxHeaders(), publish.maxBatchRecords(), sizes.maxBatch()),
        publish.maxWaitingBytes());
  }

  private static CallTimings timings(ServerSettings settings) {
    var calls = settings.calls();
    return CallTimings.of(
        settings.publish().timeout(),
        calls.ackTimeout(),
        calls.readTimeout(),
        calls.deadlineMargin());
  }

  private static void drain(
      GrpcServer grpc, OpsServer ops, Sessions sessions, Acks acks, ServerSettings settings) {
    if (ops != null) {
      ops.drain();
    }
    grpc.drain();
    acks.flushNow();
    grpc.awaitClients(settings.shutdown().ackWindow());
    try {
      sessions
          .closeAll()
          .toCompletableFuture()
          .get(settings.shutdown().deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      log.warn("groups were not left in time, sessions={}", sessions.count());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Where gRPC is served; -1 where it is not. */
  public int grpcPort() {
    return grpc == null ? -1 : grpc.port();
  }

  /** Where HTTP is served; -1 where it is not. */
  public int opsPort() {
    return ops == null ? -1 : ops.port();
  }

  /** How long {@link #close} may take; the process ends then all the same. */
  Duration shutdownDeadline() {
    return shutdownDeadline;
  }

  /** Drains, then closes everything, newest first. */
  @Override
  public void close() {
    teardown.close();
  }
}
