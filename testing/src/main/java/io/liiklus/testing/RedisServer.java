package io.liiklus.testing;

/**
 * A Redis that keeps its port and its data (an append-only file) through {@link #stop}, {@link
 * #kill} and {@link #restart}. Thread-safe, but one thread at a time should take it down and up.
 */
public interface RedisServer extends AutoCloseable {

  /** Starts a server and returns when it serves. */
  static RedisServer start() {
    return Docker.isUsed() ? ContainerRedisServer.start() : ProcessRedisServer.start();
  }

  String host();

  int port();

  /** {@code redis://host:port}. */
  default String uri() {
    return "redis://" + host() + ":" + port();
  }

  /** SIGTERM, and SIGKILL where that has not ended it in time. */
  void stop();

  /** SIGKILL. Returns when the server is gone. */
  void kill();

  /** Starts the server again, stopping it first if it runs; returns when it serves. */
  void restart();

  /** Makes the server hang: connections stay and new ones are accepted, but nothing is answered. */
  void pause();

  /** Ends a {@link #pause}. */
  void resume();

  /** Ends the server with SIGKILL and deletes its data. Its log stays. */
  @Override
  void close();
}
