package io.liiklus.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.HttpOneSocket;
import io.liiklus.server.gateway.HttpTwoSocket;
import io.liiklus.server.gateway.LogWatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Clients of the HTTP port that are no good. Whatever they do, the pages are answered, and nothing
 * gets into the log.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class HostileHttpIT {

  private static final int MAX_CONNECTIONS = 64;
  private static final int IDLE_CONNECTIONS = 500;
  private static final int PIPELINED = 300;
  private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: gateway\r\n\r\n";
  private static final String NOTHING = "GET /nothing HTTP/1.1\r\nHost: gateway\r\n\r\n";

  private final Gateway gateway =
      Gateway.start(
          "--server.maxConnections=" + MAX_CONNECTIONS,
          "--server.requestTimeout=1s",
          "--server.answerTimeout=4s",
          "--server.idleTimeout=2s");

  private LogWatch log;

  /** What is sent on a connection, and no more. */
  private record Noise(String name, ByteString bytes) {
    private Noise(String name, String text) {
      this(name, ByteString.copyFrom(text, US_ASCII));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @AfterAll
  void close() {
    gateway.close();
  }

  @BeforeEach
  void watch() {
    log = new LogWatch();
  }

  @AfterEach
  void nobodyNotices() {
    log.requireQuiet();
    log.close();
  }

  @ParameterizedTest
  @MethodSource("noises")
  void pages_answerWhateverOthersSend(Noise noise) throws IOException {
    var others = new ArrayList<HttpOneSocket>();
    try {
      for (int i = 0; i < 2 * MAX_CONNECTIONS; i++) {
        var other = new HttpOneSocket(gateway.opsPort());
        others.add(other);
        other.trySend(noise.bytes().toByteArray());
      }
      requirePages(gateway);
    } finally {
      closeAll(others);
    }
  }

  @ParameterizedTest
  @MethodSource("noises")
  void connectionThatSendsNoRequest_ends(Noise noise) throws IOException {
    try (var other = new HttpOneSocket(gateway.opsPort())) {
      other.send(noise.bytes().toByteArray());
      other.awaitEnd();
    }
  }

  static Stream<Noise> noises() {
    var random = new byte[10_000];
    new Random(20261130).nextBytes(random);
    return Stream.of(
        new Noise("nothing", ""),
        new Noise("half a request line", "GET /health HT"),
        new Noise("half of the headers", "GET /health HTTP/1.1\r\nHost: gateway\r\n"),
        new Noise("a request and a half", LIVE + "GET /health HT"),
        new Noise("a body that does not end", "GET / HTTP/1.1\r\nContent-Length: 9\r\n\r\nx"),
        new Noise("line ends alone", "\r\n\r\n\r\n\r\n"),
        new Noise("HTTP/2", new String(HttpTwoSocket.PREFACE, US_ASCII)),
        new Noise("a TLS hello", ByteString.copyFrom(new byte[] {22, 3, 1, 2, 0, 1, 0, 1, 3, 3})),
        new Noise("random bytes", ByteString.copyFrom(random)));
  }

  @Test
  void requestThatComesByteByByte_ends() throws Exception {
    var timer = Executors.newSingleThreadScheduledExecutor();
    try (var slow = new HttpOneSocket(gateway.opsPort())) {
      boolean isTaken = true;
      int sent = 0;
      for (; isTaken && sent < 1_000; sent++) {
        Callable<Boolean> next = () -> slow.trySend(new byte[] {'G'});
        isTaken = timer.schedule(next, 20, TimeUnit.MILLISECONDS).get();
      }
      assertThat(isTaken).isFalse();
    } finally {
      timer.shutdownNow();
    }
  }

  @Test
  void clientsThatReadNoAnswer_end() throws IOException {
    var others = new ArrayList<HttpOneSocket>();
    try {
      for (int i = 0; i < 8; i++) {
        others.add(new HttpOneSocket(gateway.opsPort()));
      }
      var requests = "GET /prometheus HTTP/1.1\r\nHost: gateway\r\n\r\n".repeat(100);
      for (var other : others) {
        other.send(requests);
      }
      requirePages(gateway);
      // Blocks as soon as the gateway reads no more, and until it hangs up.
      while (others.get(0).trySend(requests.getBytes(US_ASCII))) {
        requirePages(gateway);
      }
      requirePages(gateway);
    } finally {
      closeAll(others);
    }
  }

  @Test
  void idleConnections_makeWayForNewOnes() throws IOException {
    var idle = new ArrayList<HttpOneSocket>();
    try (var patient =
        Gateway.start("--server.maxConnections=" + MAX_CONNECTIONS, "--server.requestTimeout=1h")) {
      for (int i = 0; i < IDLE_CONNECTIONS; i++) {
        idle.add(new HttpOneSocket(patient.opsPort()));
      }
      requirePages(patient);
      idle.get(0).awaitEnd();
    } finally {
      closeAll(idle);
    }
  }

  @Test
  void silentConnectionAfterAnAnswer_ends() throws IOException {
    try (var client = new HttpOneSocket(gateway.opsPort())) {
      client.request("GET", "/health/live");
      assertThat(client.response().status()).isEqualTo(200);
      client.awaitEnd();
    }
  }

  @Test
  void pipelinedRequests_areAnsweredInOrder() throws IOException {
    try (var client = new HttpOneSocket(gateway.opsPort())) {
      client.send((LIVE + NOTHING + "HEAD" + LIVE.substring(3)).repeat(PIPELINED));
      for (int i = 0; i < PIPELINED; i++) {
        assertThat(client.response().body()).contains("UP");
        assertThat(client.response().status()).isEqualTo(404);
        assertThat(client.responseHead()).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void requestsOfAClientThatSendsNoMore_areAnswered() throws IOException {
    try (var client = new HttpOneSocket(gateway.opsPort())) {
      client.send(LIVE + NOTHING + "GET /health HTTP/1.0\r\n\r\n");
      client.shutdownOutput();
      assertThat(client.response().status()).isEqualTo(200);
      assertThat(client.response().status()).isEqualTo(404);
      assertThat(client.response().status()).isEqualTo(200);
      client.awaitEnd();
    }
  }

  @Test
  void tooLargeRequests_areRefusedAsSuch() throws IOException {
    assertThat(answerTo("GET /" + "a".repeat(100_000) + " HTTP/1.1\r\n\r\n").status())
        .isEqualTo(414);
    assertThat(answerTo("GET / HTTP/1.1\r\nX: " + "a".repeat(1_000_000) + "\r\n\r\n").status())
        .isEqualTo(431);
    assertThat(answerTo("GET / HTTP/1.1\r\n" + "X: a\r\n".repeat(100_000) + "\r\n").status())
        .isEqualTo(431);
    assertThat(answerTo("nonsense\r\n\r\n").status()).isEqualTo(400);
    requirePages(gateway);
  }

  @Test
  void methodsThatChangeSomething_areRefused() throws IOException {
    for (var method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH")) {
      var answer = answerTo(method + " /health HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
      assertThat(answer.status()).isEqualTo(405);
      assertThat(HttpOneSocket.header(answer.head(), "allow")).isEqualTo("GET, HEAD");
    }
  }

  @Test
  void head_hasTheHeadersOfGet() throws IOException {
    try (var client = new HttpOneSocket(gateway.opsPort())) {
      client.request("GET", "/health/live");
      var get = client.response();
      client.request("HEAD", "/health/live");
      var head = client.responseHead();
      assertThat(HttpOneSocket.header(head, "content-length"))
          .isEqualTo(Integer.toString(get.body().length()));
      assertThat(HttpOneSocket.header(head, "content-type")).isEqualTo("application/json");
      client.request("GET", "/health/live");
      assertThat(client.response().body()).isEqualTo(get.body());
    }
  }

  private HttpOneSocket.Response answerTo(String request) throws IOException {
    try (var client = new HttpOneSocket(gateway.opsPort())) {
      client.trySend(request.getBytes(US_ASCII));
      return client.response();
    }
  }

  private static void requirePages(Gateway gateway) throws IOException {
    for (var page : List.of("/health/live", "/health", "/prometheus")) {
      try (var client = new HttpOneSocket(gateway.opsPort())) {
        client.request("GET", page);
        assertThat(client.response().status()).as(page).isEqualTo(200);
      }
    }
  }

  private static void closeAll(List<HttpOneSocket> connections) throws IOException {
    for (var connection : connections) {
      connection.close();
    }
  }
}
