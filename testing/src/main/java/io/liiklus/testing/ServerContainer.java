package io.liiklus.testing;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotModifiedException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.images.builder.Transferable;
import org.testcontainers.utility.DockerImageName;

/**
 * A server in a container that keeps its ports and its data when it is killed and started again.
 * They have the same numbers inside and outside. Thread-safe.
 */
final class ServerContainer {

  private static final Duration KILL_BOUND = Duration.ofSeconds(10);
  private static final int STOP_BOUND_SECONDS = 10;
  private static final int TAIL_CHARS = 6_000;

  private final String image;
  private final GenericContainer<?> container;
  private volatile boolean created;

  /** Creates nothing yet. */
  ServerContainer(
      String image, List<InetSocketAddress> addresses, Consumer<GenericContainer<?>> settings) {
    this.image = image;
    this.container = new GenericContainer<>(DockerImageName.parse(image));
    container.setPortBindings(addresses.stream().map(ServerContainer::binding).toList());
    container.waitingFor(new NoWait());
    settings.accept(container);
  }

  private static String binding(InetSocketAddress address) {
    int port = address.getPort();
    return address.getAddress().getHostAddress() + ":" + port + ":" + port + "/tcp";
  }

  void start() {
    if (created) {
      container.getDockerClient().startContainerCmd(container.getContainerId()).exec();
      return;
    }
    try {
      container.start();
      created = true;
    } catch (RuntimeException e) {
      throw new IllegalStateException(
          "cannot start a container of "
              + image
              + ": -D"
              + Docker.PROPERTY
              + "=false runs processes instead\n"
              + tail(),
          e);
    }
  }

  boolean isRunning() {
    if (!created) {
      return false;
    }
    var state = container.getDockerClient().inspectContainerCmd(container.getContainerId()).exec();
    return Boolean.TRUE.equals(state.getState().getRunning());
  }

  void kill() {
    if (isRunning()) {
      container.getDockerClient().killContainerCmd(container.getContainerId()).exec();
      Poll.until("the container is gone", KILL_BOUND, () -> !isRunning(), this::tail);
    }
  }

  void stop() {
    try {
      container
          .getDockerClient()
          .stopContainerCmd(container.getContainerId())
          .withTimeout(STOP_BOUND_SECONDS)
          .exec();
    } catch (NotModifiedException e) {
      // It is down already.
    }
  }

  void pause() {
    container.getDockerClient().pauseContainerCmd(container.getContainerId()).exec();
  }

  void resume() {
    container.getDockerClient().unpauseContainerCmd(container.getContainerId()).exec();
  }

  /** A file of a server that runs or is down. */
  byte[] read(String path) {
    return container.copyFileFromContainer(path, InputStream::readAllBytes);
  }

  /** Replaces a file of a server that runs or is down. */
  void write(String path, byte[] bytes) {
    container.copyFileToContainer(Transferable.of(bytes), path);
  }

  /** Kills the server and removes the container with its data. */
  void close() {
    container.stop();
  }

  /** The end of the server's output. */
  String tail() {
    try {
      var logs = container.getContainerId() == null ? "no container" : container.getLogs();
      return logs.substring(Math.max(0, logs.length() - TAIL_CHARS));
    } catch (DockerException e) {
      return "no log: " + e;
    }
  }

  /** The starter asks the server itself whether it serves. */
  private static final class NoWait extends AbstractWaitStrategy {
    @Override
    protected void waitUntilReady() {}
  }
}
