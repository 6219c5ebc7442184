package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server of DynamoDB's API that keeps its port and its data through {@link #stop}, {@link #kill}
 * and {@link #restart}. Thread-safe, but one thread at a time should take it down and up.
 *
 * <p>It is dynalite, a process of Node: DynamoDB itself runs at AWS alone, and the licence of its
 * local version does not allow it here. It throttles nobody, and checks no signature.
 */
public final class DynamoDbServer implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(DynamoDbServer.class);

  private static final String REQUIRED = "liiklus.testing.required";
  private static final Duration START_BOUND = Duration.ofSeconds(30);
  private static final Duration STOP_BOUND = Duration.ofSeconds(5);
  private static final int OK = 200;

  /** Arguments: the package, the folder of the data, the port, and the one of the counts. */
  private static final String PROGRAM =
      """
      const [dynalite, path, port, countsPort] = process.argv.slice(1)
      const counts = {}
      const server = require(dynalite)({path, createTableMs: 20, deleteTableMs: 20})
      // It throws where a client closes its connection within a request.
      process.on('uncaughtException', error => {
        console.error(error)
        if (error.code !== 'ECONNRESET') process.exit(1)
      })
      // Longer than clients keep idle connections.
      server.keepAliveTimeout = 75000
      server.on('request', request => {
        const operation = String(request.headers['x-amz-target']).split('.')[1]
        counts[operation] = (counts[operation] || 0) + 1
      })
      require('http').createServer((request, response) => response.end(JSON.stringify(counts)))
        .listen(Number(countsPort), '127.0.0.1')
      server.listen(Number(port), '127.0.0.1')
      """;

  private final int port;
  private final int countsPort;
  private final Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile ServerProcess process;

  private DynamoDbServer(int port, int countsPort, Path folder) {
    this.port = port;
    this.countsPort = countsPort;
    this.folder = folder;
  }

  /**
   * Whether a server can be started: Node is here, or {@code -Dliiklus.testing.required} says that
   * it has to be. Where it is not, the log has it once.
   */
  public static boolean isAvailable() {
    return Holder.IS_AVAILABLE;
  }

  /** Starts a server and returns when it serves. */
  public static DynamoDbServer start() {
    var ports = FreePorts.pick(2);
    var server = new DynamoDbServer(ports.get(0), ports.get(1), ServerFolder.create("dynalite"));
    try {
      Files.createDirectories(server.data());
      server.run();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  public String host() {
    return "127.0.0.1";
  }

  public int port() {
    return port;
  }

  /** {@code http://host:port}. */
  public String endpoint() {
    return "http://" + host() + ":" + port;
  }

  /**
   * Calls an operation.
   *
   * @param operation as {@code PutItem}
   * @param request its JSON
   * @return the JSON of the answer, which has status 200
   */
  public String ask(String operation, String request) {
    try {
      var answer = send(operation, request);
      if (answer.statusCode() != OK) {
        throw new IllegalStateException(operation + ": " + answer.body());
      }
      return answer.body();
    } catch (IOException e) {
      throw new UncheckedIOException(logTail(), e);
    }
  }

  /** Answers how often each operation was called, see {@link DynamoDbRequests#count}. */
  public String countsEndpoint() {
    return "http://" + host() + ":" + countsPort;
  }

  /** How often an operation was called, since the process started. */
  public long count(String operation) {
    try {
      var counts = send(DynamoDbRequests.ofCounts(countsEndpoint())).body();
      return DynamoDbRequests.count(counts, operation);
    } catch (IOException e) {
      throw new UncheckedIOException(logTail(), e);
    }
  }

  private HttpResponse<String> send(String operation, String request) throws IOException {
    return send(DynamoDbRequests.of(endpoint(), operation, request));
  }

  private HttpResponse<String> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking dynalite", e);
    }
  }

  /** SIGTERM, and SIGKILL where that has not ended it in time. */
  public void stop() {
    process.stop(STOP_BOUND);
  }

  /** SIGKILL. Returns when the server is gone. */
  public void kill() {
    process.kill();
  }

  /** Starts the server again, stopping it first if it runs; returns when it serves. */
  public void restart() {
    if (process.isAlive()) {
      stop();
    }
    run();
  }

  /** Makes the server hang: connections stay and new ones are accepted, but nothing is answered. */
  public void pause() {
    process.signal("STOP");
  }

  /** Ends a {@link #pause}. */
  public void resume() {
    process.signal("CONT");
  }

  /** The last lines of the server's log. */
  public String logTail() {
    return process == null ? "not started" : process.tail();
  }

  /** Ends the server with SIGKILL and deletes its data. Its log stays. */
  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    ServerFolder.delete(data());
  }

  private Path data() {
    return folder.resolve("data");
  }

  private void run() {
    var command =
        List.of(
            "node",
            "-e",
            PROGRAM,
            DynalitePackage.folder().toString(),
            data().toString(),
            Integer.toString(port),
            Integer.toString(countsPort));
    var started = ServerProcess.start(folder, "dynalite.log", command);
    process = started;
    Poll.until(
        "dynalite serves on " + endpoint(),
        START_BOUND,
        () -> {
          if (!started.isAlive()) {
            throw new IllegalStateException("dynalite ended while it started\n" + started.tail());
          }
          return serves();
        },
        this::logTail);
  }

  private boolean serves() {
    try {
      return send("ListTables", "{}").statusCode() == OK;
    } catch (IOException notYet) {
      return false;
    }
  }

  private static final class Holder {
    static final boolean IS_AVAILABLE = isAvailable();

    private static boolean isAvailable() {
      if (DynalitePackage.hasPrograms() || isRequired()) {
        return true;
      }
      LOGGER.warn(
          "######## Tests with DynamoDB are SKIPPED: there is no node or no npm on the PATH."
              + " -D{} makes that a failure.",
          REQUIRED);
      return false;
    }

    private static boolean isRequired() {
      var required = System.getProperty(REQUIRED);
      return required != null && !required.equals("false");
    }
  }
}
