package io.liiklus.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import io.liiklus.api.Metric;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.api.StorageContext;
import io.liiklus.server.gateway.HttpOneSocket;
import io.liiklus.server.runtime.ListenAddress;
import io.liiklus.storage.memory.MemoryPositionsStorageFactory;
import io.liiklus.storage.memory.MemoryRecordsStorageFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code /health} says from the start of the process to its end, and scrapes beside it. */
class OpsServerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final MapSettings MEMORY =
      new MapSettings(
          Map.of(
              "partitions", "1",
              "maxTopics", "1",
              "maxBytesPerPartition", "1 MiB",
              "maxRecordBytes", "1 KiB",
              "maxPositions", "1",
              "groups.interval", "1s",
              "groups.sessionTimeout", "10s",
              "groups.revokeTimeout", "1s"));

  private final RecordsStorage records =
      new MemoryRecordsStorageFactory().open(MEMORY, StorageContext.NONE);
  private final PositionsStorage positions =
      new MemoryPositionsStorageFactory().open(MEMORY, StorageContext.NONE);
  private final GatewayMetrics metrics = new GatewayMetrics();
  private OpsServer ops;

  @BeforeEach
  void open() throws IOException {
    var anyPort = new ListenAddress("server", "127.0.0.1", 0);
    var options =
        new OpsServer.Options(
            true, anyPort, 16, PATIENCE, PATIENCE, PATIENCE, new OpsAccess(false, ""));
    ops = OpsServer.open(options, records, positions, metrics, Optional.empty());
  }

  @AfterEach
  void close() {
    ops.close();
    positions.close();
    records.close();
  }

  @Test
  void unboundGateway_isAliveAndNotUp() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/health").body()).contains("\"starting\":true", "\"draining\":false");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void servingGateway_isUp() throws Exception {
    ops.beginServing();

    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health").body()).contains("\"starting\":false", "\"draining\":false");
  }

  @Test
  void drainingGateway_isAliveAndNotUp() throws Exception {
    ops.beginServing();
    ops.drain();

    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/health").body()).contains("\"starting\":false", "\"draining\":true");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void scrapeThatHangs_holdsUpNoOtherPage() throws Exception {
    ops.beginServing();
    var isHanging = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    metrics.watch(List.of(new Metric("slow", "Hangs.", () -> hang(isHanging, goOn))));
    try (var scraper = new HttpOneSocket(ops.port())) {
      scraper.request("GET", "/prometheus");
      isHanging.await();

      assertThat(get("/health/live").statusCode()).isEqualTo(200);
      assertThat(get("/health").statusCode()).isEqualTo(200);
      goOn.countDown();
      assertThat(scraper.response().body()).contains("liiklus_slow 1.0");
    }
  }

  private static long hang(CountDownLatch isHanging, CountDownLatch goOn) {
    isHanging.countDown();
    try {
      goOn.await();
      return 1;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return 0;
    }
  }

  @Test
  void scrapesThatNobodyReads_areGivenUpOldestFirst() throws Exception {
    var wide = "x".repeat(1_000_000);
    metrics.watch(List.of(new Metric("wide", wide, () -> 1)));
    var clients = new ArrayList<HttpOneSocket>();
    try {
      for (int i = 0; i <= OpsConnections.MAX_UNREAD_ANSWERS; i++) {
        var client = new HttpOneSocket(ops.port());
        clients.add(client);
        client.request("GET", "/prometheus");
        // Its scrape is done; the next makes one of its own.
        assertThat(client.responseHead()).contains("200");
      }
      clients.get(0).awaitEnd();
      assertThat(get("/prometheus").body()).contains(wide);
    } finally {
      for (var client : clients) {
        client.close();
      }
    }
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + ops.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
  }
}
