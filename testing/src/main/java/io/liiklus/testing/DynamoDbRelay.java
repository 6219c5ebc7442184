package io.liiklus.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Port that passes DynamoDB's requests to a server, or answers them itself with an error as AWS
 * does: throttled, refused, or by closing the connection. Thread-safe.
 */
public final class DynamoDbRelay implements AutoCloseable {

  private static final int THREADS = 16;
  private static final int BACKLOG = 64;
  private static final Duration ANSWER_BOUND = Duration.ofSeconds(60);

  /** Not for a client to set; the others are passed on. */
  private static final Set<String> OWN_HEADERS =
      Set.of("host", "connection", "content-length", "expect", "upgrade");

  static {
    // Else an answer waits for the client's delayed ACK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  /** An error, as the API has it. Immutable. */
  private record ErrorAnswer(int status, String type, String message) {

    byte[] body() {
      var json =
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"%s\"}"
              .formatted(type, message);
      return json.getBytes(UTF_8);
    }
  }

  private final URI target;
  private final HttpClient http;
  private final HttpServer server;
  private final ExecutorService threads;

  // Any thread. Null: requests are passed on.
  private volatile ErrorAnswer error;
  private final AtomicInteger closesBefore = new AtomicInteger();
  private final AtomicInteger closesBehind = new AtomicInteger();

  private DynamoDbRelay(URI target) throws IOException {
    this.target = target;
    this.threads =
        Executors.newFixedThreadPool(
            THREADS,
            task -> {
              var thread = new Thread(task, "dynamodb relay");
              thread.setDaemon(true);
              return thread;
            });
    this.http = HttpClient.newHttpClient();
    this.server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), FreePorts.pickOne()), BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Starts a relay to the server at this URI. */
  public static DynamoDbRelay start(String endpoint) {
    try {
      return new DynamoDbRelay(URI.create(endpoint));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start a relay to " + endpoint, e);
    }
  }

  /** Always 127.0.0.1. */
  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** {@code http://host:port}. */
  public String endpoint() {
    return "http://" + host() + ":" + port();
  }

  /** From now on every request is throttled, as above the capacity of a table. */
  public void throttle() {
    answer(
        400,
        "ProvisionedThroughputExceededException",
        "The level of configured provisioned throughput for the table was exceeded.");
  }

  /**
   * From now on every request is answered with an error.
   *
   * @param type as {@code AccessDeniedException}
   */
  public void answer(int status, String type, String message) {
    error = new ErrorAnswer(status, type, message);
  }

  /** From now on requests are passed on. */
  public void pass() {
    error = null;
  }

  /** The next so many requests have their connection closed, and the server gets none of them. */
  public void closeBefore(int requests) {
    closesBefore.set(requests);
  }

  /** The next so many requests are carried out, and have their connection closed for an answer. */
  public void closeBehind(int requests) {
    closesBehind.set(requests);
  }

  private void handle(HttpExchange exchange) throws IOException {
    var request = exchange.getRequestBody().readAllBytes();
    var refusal = error;
    if (takesOne(closesBefore)) {
      exchange.close();
    } else if (refusal != null) {
      answer(exchange, refusal.status(), refusal.body());
    } else {
      pass(exchange, request);
    }
  }

  private static boolean takesOne(AtomicInteger left) {
    return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }

  private void pass(HttpExchange exchange, byte[] request) throws IOException {
    var passed = HttpRequest.newBuilder(target).timeout(ANSWER_BOUND);
    exchange.getRequestHeaders().forEach((name, values) -> copy(name, values, passed));
    try {
      var answer =
          http.send(
              passed.POST(BodyPublishers.ofByteArray(request)).build(), BodyHandlers.ofByteArray());
      if (takesOne(closesBehind)) {
        exchange.close();
      } else {
        answer
            .headers()
            .firstValue("x-amz-crc32")
            .ifPresent(sum -> exchange.getResponseHeaders().set("x-amz-crc32", sum));
        answer(exchange, answer.statusCode(), answer.body());
      }
    } catch (IOException away) {
      exchange.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private static void copy(String name, List<String> values, HttpRequest.Builder to) {
    if (!OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
      values.forEach(value -> to.header(name, value));
    }
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    try (var out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
