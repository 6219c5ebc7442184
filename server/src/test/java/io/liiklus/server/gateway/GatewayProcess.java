package io.liiklus.server.gateway;

import static org.awaitility.Awaitility.await;

import io.liiklus.testing.FreePorts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A gateway as an operator starts it, on ports that it keeps when it is started again. Confined to
 * one thread.
 */
public final class GatewayProcess implements AutoCloseable {

  private final UnpackedRelease release;
  private final Map<String, String> environment;
  private final int port;
  private final List<String> arguments;
  private Process process;

  /**
   * Starts nothing yet.
   *
   * @param environment is added to that of the test
   * @param settings as {@code --key=value}
   */
  public GatewayProcess(
      UnpackedRelease release, Map<String, String> environment, String... settings) {
    this.release = release;
    this.environment = environment;
    var ports = FreePorts.pick(2);
    this.port = ports.get(0);
    this.arguments = new ArrayList<>(List.of("--grpc.port=" + port));
    arguments.add("--server.port=" + ports.get(1));
    arguments.addAll(List.of(settings));
  }

  /** Starts it by the script, and returns when it takes connections. */
  public GatewayProcess start() throws IOException {
    launch(release.script());
    await()
        .atMost(UnpackedRelease.PATIENCE)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("ended: " + release.out(process));
              }
              return accepts();
            });
    return this;
  }

  /** Starts it by a script, which may be another one, and returns at once. */
  public Process launch(Path script) throws IOException {
    process = release.start(script, environment, arguments.toArray(String[]::new));
    return process;
  }

  public int port() {
    return port;
  }

  /** {@code --address=…} for the client. */
  public String address() {
    return "--address=127.0.0.1:" + port;
  }

  public long pid() {
    return process.pid();
  }

  /** What it has logged so far. */
  public String log() throws IOException {
    return release.out(process);
  }

  /** SIGKILL; returns when it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Waits for its end. */
  public UnpackedRelease.Run finish() throws Exception {
    return release.finish(process);
  }

  private boolean accepts() {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
