package io.liiklus.server.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Health and metrics over HTTP. Thread-safe.
 *
 * <ul>
 *   <li>{@code /health}: 200 while the gateway serves and both storages answer, else 503; says
 *       which and why. For readiness, and for people.
 *   <li>{@code /health/live}: 200 as long as the process answers. For whoever restarts it.
 *   <li>{@code /prometheus}: metrics, in the format that the scraper accepts.
 * </ul>
 */
public final class OpsServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(OpsServer.class);

  /** How long a storage may take to answer for a check or a scrape. */
  private static final long STORAGE_MS = 2_000;

  /** Handlers may wait for a storage; the requests that come meanwhile wait in a queue. */
  private static final int THREADS = 2;

  private static final int MOST_WAITING = 64;

  private enum Phase {
    STARTING,
    SERVING,
    DRAINING
  }

  private final HttpServer server;
  private final ExecutorService executor;
  private final RecordsStorage records;
  private final PositionsStorage positions;
  private final GatewayMetrics metrics;
  private volatile Phase phase = Phase.STARTING;

  private OpsServer(
      HttpServer server,
      ExecutorService executor,
      RecordsStorage records,
      PositionsStorage positions,
      GatewayMetrics metrics) {
    this.server = server;
    this.executor = executor;
    this.records = records;
    this.positions = positions;
    this.metrics = metrics;
  }

  /**
   * Binds the port. {@code /health} says that the gateway is not up until {@link #beginServing}.
   *
   * @throws IOException when the port cannot be bound
   */
  public static OpsServer open(
      InetSocketAddress address,
      RecordsStorage records,
      PositionsStorage positions,
      GatewayMetrics metrics)
      throws IOException {
    var server = HttpServer.create(address, 0);
    var executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            OpsServer::thread);
    var ops = new OpsServer(server, executor, records, positions, metrics);
    server.setExecutor(executor);
    server.createContext("/health", ops::health);
    server.createContext("/prometheus", ops::prometheus);
    server.createContext("/", exchange -> reply(exchange, 404, "text/plain", "not found\n"));
    server.start();
    return ops;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** From now on {@code /health} asks the storages: all else is there. */
  public void beginServing() {
    phase = Phase.SERVING;
  }

  /** From now on {@code /health} says that the gateway takes no new work. */
  public void drain() {
    phase = Phase.DRAINING;
  }

  @Override
  public void close() {
    server.stop(0);
    executor.shutdownNow();
  }

  private void health(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    if (path.equals("/health/live")) {
      reply(exchange, 200, "application/json", "{\"status\":\"UP\"}\n");
      return;
    }
    if (!path.equals("/health")) {
      reply(exchange, 404, "text/plain", "not found\n");
      return;
    }
    var recordsCheck = records.check();
    var positionsCheck = positions.check();
    var reasons = new ArrayList<String>();
    boolean hasRecords = isUp("records", recordsCheck, reasons);
    boolean hasPositions = isUp("positions", positionsCheck, reasons);
    var now = phase;
    boolean isUp = hasRecords && hasPositions && now == Phase.SERVING;
    var reason =
        reasons.isEmpty() ? "" : ",\"reason\":\"" + escaped(String.join("; ", reasons)) + '"';
    var body =
        ("{\"status\":\"%s\",\"records\":\"%s\",\"positions\":\"%s\",\"starting\":%s,"
                + "\"draining\":%s%s}\n")
            .formatted(
                word(isUp),
                word(hasRecords),
                word(hasPositions),
                now == Phase.STARTING,
                now == Phase.DRAINING,
                reason);
    reply(exchange, isUp ? 200 : 503, "application/json", body);
  }

  private static String word(boolean isUp) {
    return isUp ? "UP" : "DOWN";
  }

  /** As a text in JSON has it; what it could not hold becomes a blank. */
  private static String escaped(String text) {
    return text.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static boolean isUp(String what, CompletionStage<Void> check, List<String> reasons) {
    try {
      await(check);
      return true;
    } catch (IOException away) {
      reasons.add(what + ": " + away.getMessage());
      log.debug("health check failed, storage={} reason={}", what, away.getMessage());
      return false;
    }
  }

  private void prometheus(HttpExchange exchange) throws IOException {
    var snapshots = new ArrayList<MetricSnapshot>();
    metrics.registry().scrape().forEach(snapshots::add);
    try {
      List<GroupPositions> stored = await(positions.findAll());
      snapshots.add(PositionMetrics.snapshot(stored));
    } catch (IOException away) {
      // What else there is to tell is wanted most when something is away.
      log.warn("scrape without positions, reason={}", away.getMessage());
    }
    var format =
        ExpositionFormats.init().findWriter(exchange.getRequestHeaders().getFirst("Accept"));
    var body = new ByteArrayOutputStream();
    format.write(body, new MetricSnapshots(snapshots));
    exchange.getResponseHeaders().set("Content-Type", format.getContentType());
    send(exchange, 200, body.toByteArray());
  }

  private static <T> T await(CompletionStage<T> stage) throws IOException {
    try {
      return stage.toCompletableFuture().get(STORAGE_MS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException failure) {
      throw new IOException(failure.getCause().getMessage(), failure.getCause());
    } catch (TimeoutException late) {
      throw new IOException("no answer within " + STORAGE_MS + " ms", late);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      throw new IOException("the gateway is shutting down", closing);
    }
  }

  private static void reply(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    send(exchange, status, body.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    try (exchange) {
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
      if (!isHead) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "liiklus-ops");
    thread.setDaemon(true);
    return thread;
  }
}
