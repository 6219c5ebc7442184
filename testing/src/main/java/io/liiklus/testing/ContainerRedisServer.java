package io.liiklus.testing;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Redis in a container of the official image. Thread-safe. */
final class ContainerRedisServer implements RedisServer {

  private static final String IMAGE_PROPERTY = "liiklus.testing.redis.image";
  private static final String DEFAULT_IMAGE = "redis:7-alpine";
  private static final Duration START_BOUND = Duration.ofSeconds(30);

  private final InetSocketAddress address;
  private final ServerContainer container;

  private ContainerRedisServer(InetSocketAddress address, ServerContainer container) {
    this.address = address;
    this.container = container;
  }

  static ContainerRedisServer start() {
    int port = FreePorts.pickOne();
    var address = Docker.address(port);
    var command = new ArrayList<>(List.of("redis-server", "--port", Integer.toString(port)));
    // The address at which its port is bound outside decides who reaches the container.
    command.addAll(List.of("--bind", "0.0.0.0", "--protected-mode", "no"));
    command.addAll(ProcessRedisServer.DURABLE);
    var container =
        new ServerContainer(
            System.getProperty(IMAGE_PROPERTY, DEFAULT_IMAGE),
            List.of(address),
            redis -> redis.withCommand(command.toArray(String[]::new)));
    var server = new ContainerRedisServer(address, container);
    try {
      server.run();
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  @Override
  public String host() {
    return address.getAddress().getHostAddress();
  }

  @Override
  public int port() {
    return address.getPort();
  }

  @Override
  public void stop() {
    container.stop();
  }

  @Override
  public void kill() {
    container.kill();
  }

  @Override
  public void restart() {
    container.stop();
    run();
  }

  @Override
  public void pause() {
    container.pause();
  }

  @Override
  public void resume() {
    container.resume();
  }

  @Override
  public void close() {
    container.close();
  }

  private void run() {
    container.start();
    Poll.until(
        "Redis serves on " + address,
        START_BOUND,
        () -> {
          if (!container.isRunning()) {
            throw new IllegalStateException("Redis ended while it started\n" + container.tail());
          }
          return RedisConnection.serves(address);
        },
        container::tail);
  }
}
