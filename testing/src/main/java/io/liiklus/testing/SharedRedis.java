package io.liiklus.testing;

/**
 * One Redis for all tests of a JVM, started on first use and ended with the JVM. Tests keep apart
 * by the names of their keys, and leave the server running. Thread-safe.
 */
public final class SharedRedis {

  private SharedRedis() {}

  /** The same server for every caller. */
  public static RedisServer server() {
    return Holder.SERVER;
  }

  private static final class Holder {
    static final RedisServer SERVER = RedisServer.start();
  }
}
