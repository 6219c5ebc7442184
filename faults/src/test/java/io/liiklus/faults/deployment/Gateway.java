package io.liiklus.faults.deployment;

import static org.awaitility.Awaitility.await;

import io.liiklus.testing.FreePorts;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * Gateway as a process of its own, which keeps its ports and its log across restarts. Thread-safe,
 * but one thread at a time should take it down and up.
 */
public final class Gateway implements AutoCloseable {

  /** Start time on a machine that is busy with starting brokers. */
  private static final Duration START_BOUND = Duration.ofSeconds(60);

  /** shutdown.deadline, and some time for the process to go. */
  private static final Duration END_BOUND = Duration.ofSeconds(25);

  private static final Duration HTTP_BOUND = Duration.ofSeconds(10);

  /** Each buffer is followed; where one is lost, the log says LEAK once it is collected. */
  private static final String JVM =
      "-Xmx256m -XX:TieredStopAtLevel=1 -XX:NativeMemoryTracking=summary"
          + " -Dio.grpc.netty.shaded.io.netty.leakDetection.level=paranoid"
          + " -Dio.netty.leakDetection.level=paranoid";

  private final String name;
  private final Path folder;
  private final List<String> command;
  private final int grpcPort;
  private final int opsPort;
  private final GatewayLog log;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile ServerProcess process;

  Gateway(String name, Release release, List<String> settings) {
    var ports = FreePorts.pick(2);
    this.name = name;
    this.folder = ServerFolder.create(name);
    this.grpcPort = ports.get(0);
    this.opsPort = ports.get(1);
    this.log = new GatewayLog(folder.resolve("gateway.log"));
    this.command = new ArrayList<>(List.of(release.script().toString()));
    command.add("--grpc.host=127.0.0.1");
    command.add("--grpc.port=" + grpcPort);
    command.add("--server.host=127.0.0.1");
    command.add("--server.port=" + opsPort);
    command.addAll(settings);
  }

  /** With nothing set: its records and positions are in the embedded file of its own release. */
  public static Gateway embedded(String name) {
    return new Gateway(name, Release.layOut(), List.of());
  }

  public String name() {
    return name;
  }

  public int grpcPort() {
    return grpcPort;
  }

  /** Its address for clients. */
  public Address address() {
    return new Address(name, grpcPort);
  }

  public GatewayLog log() {
    return log;
  }

  /** Starts the process; does not wait until it serves. */
  public void launch() {
    var environment = new HashMap<>(DynamoPositions.CREDENTIALS);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("JAVA_OPTS", JVM);
    process =
        ServerProcess.start(folder, log.file().getFileName().toString(), command, environment);
  }

  /** Starts the process and returns when it serves and both of its storages answer. */
  public void start() {
    launch();
    awaitHealth("/health");
  }

  /** Returns once the path is answered 200 and, which may come later, the gRPC port is bound. */
  public void awaitHealth(String path) {
    await(name + " serves")
        .atMost(START_BOUND)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(
                    name + " ended while it started\n" + process.tail());
              }
              return isOk(path);
            });
  }

  public boolean isAlive() {
    return process != null && process.isAlive();
  }

  public void kill() {
    process.kill();
  }

  /** SIGTERM. Returns at once. */
  public void terminate() {
    process.signal("TERM");
  }

  /** The exit code of a process that SIGTERM ended. */
  public int awaitEnd() {
    return process.awaitExit(END_BOUND);
  }

  /** SIGSTOP: the process keeps its connections and does nothing. */
  public void pause() {
    process.signal("STOP");
  }

  /** SIGCONT. */
  public void resume() {
    process.signal("CONT");
  }

  public long pid() {
    return process.pid();
  }

  /** Resources of the process, after a garbage collection. */
  public Footprint footprint() {
    return Footprint.of(this);
  }

  /** Output of {@code jcmd}. */
  public String jcmd(String... arguments) {
    return Jcmd.run(pid(), arguments);
  }

  /**
   * The sum of a metric over all its series.
   *
   * @param labels those that a series must have, as {@code topic="t"}
   */
  public long metric(String metric, String... labels) {
    var text = get("/prometheus");
    double sum = 0;
    for (var line : text.lines().toList()) {
      boolean isIt = line.startsWith(metric + "{") || line.startsWith(metric + " ");
      if (isIt && List.of(labels).stream().allMatch(line::contains)) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return (long) sum;
  }

  private boolean isOk(String path) {
    try {
      return http.send(request(path), BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private String get(String path) {
    try {
      return http.send(request(path), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new IllegalStateException(name + " does not answer " + path, e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private HttpRequest request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + opsPort + path))
        .timeout(HTTP_BOUND)
        .build();
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted while asking a gateway", e);
  }

  /** Ends the process with SIGKILL. Its log stays. */
  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
  }
}
