package io.liiklus.bench.process;

import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liiklus.testing.FreePorts;
import io.liiklus.testing.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Gateway process, started as an operator does: {@code bin/liiklus}. Confined to one thread. */
public final class GatewayProcess implements AutoCloseable {

  private static final Duration START_BOUND = Duration.ofSeconds(90);
  private static final Duration STOP_BOUND = Duration.ofSeconds(15);
  private static final long LOOK_NS = 2_000_000;
  private static final int ANSWER_SECONDS = 10;

  private final ServerProcess process;
  private final int port;
  private final int opsPort;
  private final long startNs;

  private GatewayProcess(ServerProcess process, int port, int opsPort) {
    this.process = process;
    this.port = port;
    this.opsPort = opsPort;
    this.startNs = System.nanoTime();
  }

  /**
   * Starts one and returns at once.
   *
   * @param javaOptions for its JVM, parted by blanks
   * @param settings by key, stronger than the ones here
   */
  public static GatewayProcess start(String javaOptions, Map<String, String> settings) {
    var ports = FreePorts.pick(2);
    var command = new ArrayList<String>();
    command.addAll(List.of("env", "JAVA_OPTS=" + javaOptions));
    command.add(home().resolve("bin/liiklus").toString());
    command.add("--grpc.host=127.0.0.1");
    command.add("--grpc.port=" + ports.get(0));
    command.add("--server.host=127.0.0.1");
    command.add("--server.port=" + ports.get(1));
    settings.forEach((key, value) -> command.add("--" + key + "=" + value));
    return new GatewayProcess(
        ServerProcess.start(Logs.folder(), Logs.nextName("gateway"), command),
        ports.get(0),
        ports.get(1));
  }

  /**
   * Waits until its health says that it serves.
   *
   * @return how long that took from its start on
   */
  public Duration awaitServing() {
    while (!isServing()) {
      if (!process.isAlive() || System.nanoTime() - startNs > START_BOUND.toNanos()) {
        process.kill();
        throw new IllegalStateException("the gateway does not serve\n" + process.tail());
      }
      LockSupport.parkNanos(LOOK_NS);
    }
    return Duration.ofNanos(System.nanoTime() - startNs);
  }

  /**
   * Waits until it serves and both of its storages answer.
   *
   * @return how long that took from its start on
   */
  public Duration awaitHealthy() {
    awaitServing();
    while (!isHealthy()) {
      if (!process.isAlive() || System.nanoTime() - startNs > START_BOUND.toNanos()) {
        process.kill();
        throw new IllegalStateException("the gateway's storages do not answer\n" + process.tail());
      }
      LockSupport.parkNanos(LOOK_NS);
    }
    return Duration.ofNanos(System.nanoTime() - startNs);
  }

  private boolean isHealthy() {
    try {
      var health = URI.create("http://127.0.0.1:" + opsPort + "/health").toURL().openConnection();
      return ((HttpURLConnection) health).getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Its gRPC port. */
  public int port() {
    return port;
  }

  /** The id that the kernel knows it by. */
  public long pid() {
    return process.pid();
  }

  /** The value of one of its metrics without labels. */
  public double metric(String name) {
    var uri = URI.create("http://127.0.0.1:" + opsPort + "/prometheus");
    try (var in = uri.toURL().openStream()) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .findFirst()
          .orElseThrow(() -> new IllegalStateException("no such metric: " + name));
    } catch (IOException e) {
      throw new UncheckedIOException("no metrics of the gateway", e);
    }
  }

  /** The last lines of its log. */
  public String logTail() {
    return process.tail();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.stop(STOP_BOUND);
  }

  private boolean isServing() {
    try (var socket = new Socket()) {
      // A channel that was refused once waits a second before it tries again.
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    } catch (IOException notYet) {
      return false;
    }
    var channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    try {
      return HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus()
          == ServingStatus.SERVING;
    } catch (StatusRuntimeException notYet) {
      return false;
    } finally {
      channel.shutdownNow();
    }
  }

  /** The folder of the clone. */
  public static Path home() {
    return Path.of(System.getProperty("liiklus.bench.home", "..")).toAbsolutePath().normalize();
  }
}
