package io.liiklus.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.MapSettings;
import io.liiklus.api.PositionsStorage;
import io.liiklus.api.RecordsStorage;
import io.liiklus.server.memory.MemoryPositionsStorageFactory;
import io.liiklus.server.memory.MemoryRecordsStorageFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@code /health} says from the start of the process to its end. */
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
              "revokeTimeout", "1s"));

  private final RecordsStorage records = new MemoryRecordsStorageFactory().open(MEMORY);
  private final PositionsStorage positions = new MemoryPositionsStorageFactory().open(MEMORY);
  private OpsServer ops;

  @BeforeEach
  void open() throws IOException {
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ops = OpsServer.open(anyPort, records, positions, new GatewayMetrics());
  }

  @AfterEach
  void close() {
    ops.close();
    positions.close();
    records.close();
  }

  @Test
  void aGatewayThatHasNotBoundItsPortsIsAliveAndNotUp() throws Exception {
    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/health").body()).contains("\"starting\":true", "\"draining\":false");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aGatewayThatServesIsUp() throws Exception {
    ops.beginServing();

    assertThat(get("/health").statusCode()).isEqualTo(200);
    assertThat(get("/health").body()).contains("\"starting\":false", "\"draining\":false");
  }

  @Test
  void aGatewayThatDrainsIsAliveAndNotUp() throws Exception {
    ops.beginServing();
    ops.drain();

    assertThat(get("/health").statusCode()).isEqualTo(503);
    assertThat(get("/health").body()).contains("\"starting\":false", "\"draining\":true");
    assertThat(get("/health/live").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    var uri = URI.create("http://127.0.0.1:" + ops.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
  }
}
