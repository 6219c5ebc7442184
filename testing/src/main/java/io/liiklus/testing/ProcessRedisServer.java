package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A Redis as a child process. Thread-safe. */
final class ProcessRedisServer implements RedisServer {

  /** Options of a server that keeps its data through SIGKILL, besides port and folder. */
  static final List<String> DURABLE =
      // Without fsync each write reaches the kernel before it is answered, never later.
      List.of("--save", "", "--appendonly", "yes", "--appendfsync", "no");

  private static final Duration START_BOUND = Duration.ofSeconds(30);
  private static final Duration STOP_BOUND = Duration.ofSeconds(5);

  private final InetSocketAddress address;
  private final String password;
  private final Path folder;
  private final List<String> command;
  private volatile ServerProcess process;

  private ProcessRedisServer(int port, String password, Path folder, List<String> command) {
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.password = password;
    this.folder = folder;
    this.command = command;
  }

  static ProcessRedisServer start() {
    return start(FreePorts.pickOne(), DURABLE);
  }

  /** Starts a server with the arguments and returns when it serves. */
  static ProcessRedisServer start(int port, List<String> arguments) {
    return start(port, "", arguments);
  }

  /**
   * Starts a server with the arguments and returns when it serves.
   *
   * @param password required of clients; empty: none
   */
  static ProcessRedisServer start(int port, String password, List<String> arguments) {
    var folder = ServerFolder.create("redis");
    var data = folder.resolve("data");
    try {
      Files.createDirectories(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var all = new ArrayList<String>();
    all.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    all.addAll(List.of("--dir", data.toString()));
    all.addAll(arguments);
    if (!password.isEmpty()) {
      all.addAll(List.of("--requirepass", password));
    }
    return start(port, password, folder, all);
  }

  /** Starts a server on nothing but the arguments and returns when it serves on the port. */
  static ProcessRedisServer start(int port, String password, Path folder, List<String> arguments) {
    var command = new ArrayList<String>();
    command.add(RedisExecutable.command());
    command.addAll(arguments);
    var server = new ProcessRedisServer(port, password, folder, List.copyOf(command));
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
    process.stop(STOP_BOUND);
  }

  @Override
  public void kill() {
    process.kill();
  }

  @Override
  public void restart() {
    stop();
    run();
  }

  @Override
  public void pause() {
    process.signal("STOP");
  }

  @Override
  public void resume() {
    process.signal("CONT");
  }

  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    ServerFolder.delete(folder.resolve("data"));
  }

  InetSocketAddress address() {
    return address;
  }

  String password() {
    return password;
  }

  String logTail() {
    return process == null ? "not started" : process.tail();
  }

  private void run() {
    var started = ServerProcess.start(folder, "redis.log", command);
    process = started;
    Poll.until(
        "Redis serves on " + address,
        START_BOUND,
        () -> {
          if (!started.isAlive()) {
            throw new IllegalStateException("Redis ended while it started\n" + started.tail());
          }
          return RedisConnection.serves(address, password);
        },
        this::logTail);
  }
}
