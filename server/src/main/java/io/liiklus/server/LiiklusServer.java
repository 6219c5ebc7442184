package io.liiklus.server;

import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.grpc.GrpcServer;
import io.liiklus.server.grpc.calls.CallOptions;
import io.liiklus.server.grpc.calls.GatewayCore;
import io.liiklus.server.inflight.InflightMetrics;
import io.liiklus.server.ops.GatewayMetrics;
import io.liiklus.server.ops.OpsServer;
import io.liiklus.server.ops.StorageWatch;
import io.liiklus.server.processing.Processing;
import io.liiklus.server.quota.Quotas;
import io.liiklus.server.runtime.EventLoops;
import io.liiklus.server.runtime.LoopWatch;
import io.liiklus.server.runtime.PeriodicTasks;
import io.liiklus.server.schema.JsonSchemaPreProcessor;
import io.liiklus.server.security.tls.TlsReload;
import io.liiklus.server.session.Acks;
import io.liiklus.server.session.Retry;
import io.liiklus.server.session.Sessions;
import io.liiklus.server.settings.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
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

  /** Time between two checks for storages that are away and assignments without a Receive. */
  private static final Duration WATCH_EVERY = Duration.ofSeconds(5);

  /** Time for the ends of streams beside the graces of those that consume. */
  private static final long ENDS_MARGIN_MS = 1_000;

  private final Teardown teardown;
  private final GrpcServer grpc;
  private final OpsServer ops;

  private final GatewayOptions.Shutdown shutdown;
  private final Duration revokeGrace;

  private LiiklusServer(
      Teardown teardown,
      GrpcServer grpc,
      OpsServer ops,
      GatewayOptions.Shutdown shutdown,
      Duration revokeGrace) {
    this.teardown = teardown;
    this.grpc = grpc;
    this.ops = ops;
    this.shutdown = shutdown;
    this.revokeGrace = revokeGrace;
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
    var options = GatewayOptions.read(loaded.settings());
    teardown.push("plugins", loaded);
    var loops = teardown.push("event loops", EventLoops.open(options.ioThreads()));
    var positions = teardown.push("positions storage", loaded.openPositions(StorageContext.NONE));
    var records = teardown.push("records storage", loaded.openRecords(positions::coordination));
    var calls = fitting(options.calls(), records);
    var metrics = new GatewayMetrics();
    var processing = processing(loaded, options, teardown, metrics);
    var access = access(loaded, options, teardown, records);
    metrics.watch(access);
    var acks = new Acks(positions, loops.loops(), EventLoop::inEventLoop, options.acks());
    var retry = Retry.on(loops.loops().get(0));
    var sessions = new Sessions(records, positions, acks, metrics, retry, options.sessions());
    metrics.watch(sessions, acks);
    metrics.watch(records.metrics());
    metrics.watch(positions.metrics());
    var watches =
        List.of(
            new StorageWatch("records", records::check),
            new StorageWatch("positions", positions::check));
    metrics.watchStorages(watches);
    var periodic = teardown.push("periodic tasks", new PeriodicTasks());
    watches.forEach(
        watch ->
            periodic.every(WATCH_EVERY, "watch of the " + watch.storage() + " storage", watch));
    periodic.every(WATCH_EVERY, "watch of unread assignments", sessions::warnOfUnread);
    var loopWatch = new LoopWatch(loops.loops());
    periodic.every(LoopWatch.EVERY, "watch of the event loops", loopWatch);
    metrics.watchLoops(loopWatch::heldUp);
    Optional<TlsReload> tls = Optional.empty();
    if (options.grpc().tls().isPresent()) {
      tls = Optional.of(teardown.push("TLS files", TlsReload.open(options.grpc().tls().get())));
    }
    OpsServer ops = null;
    if (options.ops().isEnabled()) {
      var opened = OpsServer.open(options.ops(), records, positions, metrics, tls);
      ops = teardown.push("HTTP server", opened);
    }
    GrpcServer grpc = null;
    if (options.grpc().isEnabled()) {
      var inflight = new InflightMetrics();
      metrics.watch(inflight);
      var core = new GatewayCore(records, positions, sessions, acks, inflight, processing, access);
      var quotas = new Quotas(options.quotas());
      metrics.watch(quotas);
      var opened = GrpcServer.open(options.grpc(), calls, loops, core, quotas, periodic, tls);
      grpc = teardown.push("gRPC server", opened);
      metrics.watchRequests(grpc::unfinishedRequestBytes, grpc::waitingPublishBytes);
      metrics.watchCalls(grpc.endedCalls());
      metrics.watchConnectionErrors(grpc::connectionErrors);
    }
    tls.ifPresent(TlsReload::beginLooks);
    var grace = calls.consume().revokeGrace();
    var server = new LiiklusServer(teardown, grpc, ops, options.shutdown(), grace);
    if (grpc != null) {
      // Built last to be closed first: streams end while the port still takes the acks of their
      // records.
      teardown.push("streams", () -> server.drain(sessions, acks));
    }
    if (ops != null) {
      ops.beginServing();
    }
    return server;
  }

  /** The processors that were found, and the gateway's own where there are schemas. */
  private static Processing processing(
      Configuration loaded, GatewayOptions options, Teardown teardown, GatewayMetrics metrics)
      throws IOException {
    var in = new ArrayList<>(loaded.processors().pre());
    if (options.schema().isPresent()) {
      var schema = JsonSchemaPreProcessor.open(options.schema().get());
      in.add(teardown.push("schemas", schema));
      metrics.watch(schema.metrics());
    }
    var processing = Processing.of(in, loaded.processors().post(), options.processing());
    processing.announce(options.processing().order());
    metrics.watch(processing);
    return processing;
  }

  /** What decides on callers: the rules, or the plugin that the settings name. */
  private static Access access(
      Configuration loaded, GatewayOptions options, Teardown teardown, RecordsStorage records)
      throws IOException {
    var reserved = records.reservedTopics();
    var ofPlugin = loaded.authorizer();
    try {
      var access =
          ofPlugin.isEmpty()
              ? Access.open(options.access(), Optional.empty(), reserved)
              : ofPlugin
                  .get()
                  .call(found -> Access.open(options.access(), Optional.of(found), reserved));
      return teardown.push("authorization", access);
    } catch (UncheckedIOException unusable) {
      throw unusable.getCause();
    }
  }

  /** The options, where values that are not set follow the largest record and the heap. */
  private static CallOptions fitting(CallOptions options, RecordsStorage records) {
    long maxRecord = records.maxRecordBytes();
    var calls =
        options.fitting(maxRecord, records.revokeTimeout(), Runtime.getRuntime().maxMemory());
    var sizes = calls.sizes();
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
    return calls;
  }

  private void drain(Sessions sessions, Acks acks) {
    if (ops != null) {
      ops.drain();
    }
    var streams = grpc.drain();
    acks.flushNow();
    awaitEnds(streams);
    grpc.awaitClients(shutdown.ackWindow());
    try {
      sessions
          .closeAll()
          .toCompletableFuture()
          .get(shutdown.deadline().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      log.warn("groups were not left in time, sessions={}", sessions.count());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Clients that consume may still ack what they have, before any group is left by force. */
  private void awaitEnds(CompletableFuture<Void> streams) {
    try {
      streams.get(2 * revokeGrace.toMillis() + ENDS_MARGIN_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException late) {
      log.warn("streams did not end in time, going on, sessions are closed");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Port of gRPC; -1 where it is disabled. */
  public int grpcPort() {
    return grpc == null ? -1 : grpc.port();
  }

  /** Port of HTTP; -1 where it is disabled. */
  public int opsPort() {
    return ops == null ? -1 : ops.port();
  }

  /** Longest time of {@link #close}; then the process ends in any case. */
  Duration shutdownDeadline() {
    return shutdown.deadline();
  }

  /** Drains, then closes everything, newest first. */
  @Override
  public void close() {
    teardown.close();
  }
}
