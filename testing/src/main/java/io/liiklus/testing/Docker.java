package io.liiklus.testing;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/** Choice of containers: a Docker engine answers, and no setting forbids it. Immutable. */
final class Docker {

  static final String PROPERTY = "liiklus.testing.docker";

  private static final Logger LOGGER = LoggerFactory.getLogger(Docker.class);

  private Docker() {}

  static boolean isUsed() {
    return Boolean.parseBoolean(System.getProperty(PROPERTY, "true")) && Holder.ANSWERS;
  }

  /** Where tests reach a container whose port is bound to this address. */
  static InetSocketAddress address(int port) {
    return new InetSocketAddress(HostHolder.HOST, port);
  }

  private static final class Holder {
    // A look at the file system first: to find no engine takes Testcontainers seconds and a screen
    // of warnings.
    static final boolean ANSWERS = isConfigured() && answersNow();

    private static boolean isConfigured() {
      var home = Path.of(System.getProperty("user.home"));
      var runtime = System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/var/run");
      var sockets =
          Stream.of(
              Path.of("/var/run/docker.sock"),
              Path.of(runtime, "docker.sock"),
              home.resolve(".docker/run/docker.sock"),
              home.resolve(".docker/desktop/docker.sock"));
      return System.getenv("DOCKER_HOST") != null || sockets.anyMatch(Files::exists);
    }

    private static boolean answersNow() {
      boolean answers = DockerClientFactory.instance().isDockerAvailable();
      LOGGER.info("Test servers run as {}", answers ? "containers" : "processes");
      return answers;
    }

    /**
     * Loopback, or the bridge's address for tests that run in a container beside the engine, which
     * has a loopback of its own.
     */
    private static InetAddress resolveHost() {
      var host = DockerClientFactory.instance().dockerHostIpAddress();
      try {
        return host.equals("localhost")
            ? InetAddress.getLoopbackAddress()
            : InetAddress.getAllByName(host)[0];
      } catch (UnknownHostException e) {
        throw new UncheckedIOException("cannot find the Docker engine's host " + host, e);
      }
    }
  }

  private static final class HostHolder {
    static final InetAddress HOST = Holder.resolveHost();
  }
}
