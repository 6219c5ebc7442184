package io.liiklus.server.ops;

import static io.grpc.netty.shaded.io.netty.handler.codec.http.HttpResponseStatus.OK;

import io.liiklus.api.GroupPositions;
import io.liiklus.api.PositionsStorage;
import io.liiklus.server.runtime.WarnLimit;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Page {@code /prometheus}. Metrics are collected and written on one thread of their own, one
 * scrape at a time; requests for the same format that come meanwhile share the result. Confined to
 * the event loop of the HTTP port.
 */
final class MetricsPage implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MetricsPage.class);

  /** Time that a scrape may take in all. */
  private static final long SCRAPE_MS = 10_000;

  /** Requests can ask for one of each format. */
  private static final int MAX_WAITING_SCRAPES = 4;

  private final PositionsStorage positions;
  private final GatewayMetrics metrics;
  private final ExpositionFormats formats = ExpositionFormats.init();
  private final Map<ExpositionFormatWriter, CompletableFuture<Answer>> latest = new HashMap<>();
  private final WarnLimit warnings = new WarnLimit();
  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING_SCRAPES),
          MetricsPage::thread);

  MetricsPage(PositionsStorage positions, GatewayMetrics metrics) {
    this.positions = positions;
    this.metrics = metrics;
  }

  /**
   * @param accept the formats that the client takes; null: not named
   */
  CompletionStage<Answer> answer(String accept) {
    var format = formats.findWriter(accept);
    var scrape = latest.get(format);
    if (scrape == null || scrape.isDone()) {
      scrape = scrape(format);
      latest.put(format, scrape);
    }
    return scrape;
  }

  private CompletableFuture<Answer> scrape(ExpositionFormatWriter format) {
    return HealthPage.within(positions::findAll)
        .handleAsync((stored, failure) -> write(format, stored, failure), worker)
        .orTimeout(SCRAPE_MS, TimeUnit.MILLISECONDS);
  }

  /** Worker thread: writes the answer. */
  private Answer write(
      ExpositionFormatWriter format, List<GroupPositions> stored, Throwable failure) {
    var snapshots = new ArrayList<MetricSnapshot>();
    metrics.registry().scrape().forEach(snapshots::add);
    if (failure == null) {
      snapshots.add(PositionMetrics.snapshot(stored));
    } else if (warnings.permits()) {
      // All other metrics are needed most when something is away.
      log.warn(
          "scrape without positions, reason={} (logged once a minute)", HealthPage.reason(failure));
    }
    var body = new ByteArrayOutputStream();
    try {
      format.write(body, new MetricSnapshots(snapshots));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return new Answer(OK, format.getContentType(), body.toByteArray());
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "liiklus-metrics");
    thread.setDaemon(true);
    return thread;
  }
}
