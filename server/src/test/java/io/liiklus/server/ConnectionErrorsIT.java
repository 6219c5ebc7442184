package io.liiklus.server;

import static io.liiklus.server.gateway.HttpTwoSocket.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.HttpTwoSocket;
import io.liiklus.server.gateway.LogWatch;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients whose errors of HTTP/2 end their own connection: operators can see why. */
class ConnectionErrorsIT {

  private static final byte[] CANCEL = {0, 0, 0, 8};

  /** As a client cancels a call whose headers did not go out. */
  private static final byte[] RESET_OF_AN_IDLE_STREAM =
      frame(HttpTwoSocket.RST_STREAM, 0, 7, CANCEL);

  private final Gateway gateway = Gateway.start();
  private LogWatch log;

  @BeforeEach
  void watch() {
    log = new LogWatch();
  }

  @AfterEach
  void close() {
    log.close();
    gateway.close();
  }

  @Test
  void errorThatEndsOpenCalls_isLoggedOnceAndCounted() throws Exception {
    breakConnectionWithACall();
    breakConnectionWithACall();

    assertThat(log.take())
        .singleElement()
        .asString()
        .contains(
            "client=/127.0.0.1:", "calls=1", "error=PROTOCOL_ERROR", "Stream 7", "RST_STREAM");
    assertThat(errors()).isEqualTo("liiklus_connection_errors_total 2.0");
  }

  @Test
  void errorWithoutOpenCalls_isCountedAlone() throws Exception {
    try (var connection = HttpTwoSocket.open(gateway.port())) {
      connection.send(RESET_OF_AN_IDLE_STREAM);
      connection.awaitEnd();
    }

    log.requireQuiet();
    assertThat(errors()).isEqualTo("liiklus_connection_errors_total 1.0");
  }

  @Test
  void connectionThatEndsWell_isNotCounted() throws Exception {
    try (var client = new GatewayClient(gateway.port())) {
      client.publish("topic", "key", "value");
    }

    assertThat(errors()).isEqualTo("liiklus_connection_errors_total 0.0");
  }

  @Test
  void connectionThatIsReset_isNotCounted() throws Exception {
    try (var connection = HttpTwoSocket.open(gateway.port())) {
      connection.send(
          frame(
              HttpTwoSocket.HEADERS,
              HttpTwoSocket.END_HEADERS,
              1,
              HttpTwoSocket.call("Subscribe")));
      connection.send(frame(HttpTwoSocket.PING, 0, 0, new byte[8]));
      assertThat(connection.awaitFrame(HttpTwoSocket.PING)).as("the call has begun").isTrue();
      connection.reset();
    }
    await("the gateway has noticed")
        .atMost(GatewayClient.PATIENCE)
        .until(() -> metric("liiklus_calls_total").contains("Subscribe"));

    log.requireQuiet();
    assertThat(errors()).isEqualTo("liiklus_connection_errors_total 0.0");
  }

  private void breakConnectionWithACall() throws IOException {
    try (var connection = HttpTwoSocket.open(gateway.port())) {
      connection.send(
          frame(
              HttpTwoSocket.HEADERS,
              HttpTwoSocket.END_HEADERS,
              1,
              HttpTwoSocket.call("Subscribe")));
      connection.send(RESET_OF_AN_IDLE_STREAM);
      assertThat(connection.awaitFrame(HttpTwoSocket.GOAWAY)).isTrue();
      connection.awaitEnd();
    }
  }

  private String errors() throws Exception {
    return metric("liiklus_connection_errors_total");
  }

  /** The first line of it; empty where there is none. */
  private String metric(String name) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + gateway.opsPort() + "/prometheus");
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(uri).timeout(GatewayClient.PATIENCE).build(),
            BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .orElse("");
  }
}
