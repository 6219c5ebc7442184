package io.liiklus.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** Whether servers run as containers: an engine of this machine answers, and nobody forbids it. */
final class Docker {

  static final String PROPERTY = "liiklus.testing.docker";

  private Docker() {}

  static boolean isUsed() {
    return Boolean.parseBoolean(System.getProperty(PROPERTY, "true")) && Holder.ANSWERS;
  }

  private static final class Holder {
    // A look at the file system first: to find no engine takes Testcontainers seconds and a screen
    // of warnings.
    static final boolean ANSWERS = isConfigured() && answersHere();

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

    /** An engine elsewhere cannot give ports of 127.0.0.1. */
    private static boolean answersHere() {
      var factory = DockerClientFactory.instance();
      return factory.isDockerAvailable() && factory.dockerHostIpAddress().equals("localhost");
    }
  }
}
