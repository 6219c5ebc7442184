package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis, a replica of it and the one sentinel that makes the replica the master about two seconds
 * after the master is gone. Always processes. Thread-safe.
 */
public final class RedisSentinelServers implements AutoCloseable {

  /** The name under which the sentinel knows the master. */
  public static final String MASTER_NAME = "liiklus";

  private static final Duration REPLICA_BOUND = Duration.ofSeconds(30);

  private final ProcessRedisServer master;
  private final ProcessRedisServer replica;
  private final ProcessRedisServer sentinel;

  private RedisSentinelServers(
      ProcessRedisServer master, ProcessRedisServer replica, ProcessRedisServer sentinel) {
    this.master = master;
    this.replica = replica;
    this.sentinel = sentinel;
  }

  /** Starts the three and returns when the sentinel could fail over. */
  public static RedisSentinelServers start() {
    var started = new ArrayList<ProcessRedisServer>();
    try {
      var master = ProcessRedisServer.start();
      started.add(master);
      var replica = ProcessRedisServer.start(FreePorts.pickOne(), replicaArguments(master));
      started.add(replica);
      awaitInfo(replica, "REPLICATION", "master_link_status:up");
      var sentinel = startSentinel(master);
      started.add(sentinel);
      awaitInfo(sentinel, "SENTINEL", "status=ok");
      awaitInfo(sentinel, "SENTINEL", "slaves=1");
      return new RedisSentinelServers(master, replica, sentinel);
    } catch (RuntimeException e) {
      started.forEach(ProcessRedisServer::close);
      throw e;
    }
  }

  /** {@code redis-sentinel://host:port#name}, host and port of the sentinel. */
  public String uri() {
    return "redis-sentinel://" + sentinel.host() + ":" + sentinel.port() + "#" + MASTER_NAME;
  }

  /** The master at the start. */
  public RedisServer master() {
    return master;
  }

  /** The replica at the start. */
  public RedisServer replica() {
    return replica;
  }

  @Override
  public void close() {
    // The sentinel first, so that it has nothing to fail over.
    sentinel.close();
    replica.close();
    master.close();
  }

  private static List<String> replicaArguments(ProcessRedisServer master) {
    var arguments = new ArrayList<>(ProcessRedisServer.DURABLE);
    arguments.addAll(List.of("--replicaof", master.host(), Integer.toString(master.port())));
    // By default a master waits for more replicas before it sends its data.
    arguments.addAll(List.of("--repl-diskless-sync-delay", "0"));
    return arguments;
  }

  private static ProcessRedisServer startSentinel(ProcessRedisServer master) {
    int port = FreePorts.pickOne();
    var folder = ServerFolder.create("redis-sentinel");
    var file = folder.resolve("sentinel.conf");
    writeSentinelFile(file, port, master);
    return ProcessRedisServer.start(port, folder, List.of(file.toString(), "--sentinel"));
  }

  /** The sentinel rewrites this file with what it learns. */
  private static void writeSentinelFile(Path file, int port, ProcessRedisServer master) {
    var address = master.host() + " " + master.port();
    var settings =
        List.of(
            "port " + port,
            "bind 127.0.0.1",
            "dir " + file.getParent(),
            "sentinel monitor " + MASTER_NAME + " " + address + " 1",
            "sentinel down-after-milliseconds " + MASTER_NAME + " 1000",
            "sentinel failover-timeout " + MASTER_NAME + " 3000");
    try {
      Files.write(file, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void awaitInfo(ProcessRedisServer server, String section, String expected) {
    Poll.until(
        "INFO " + section + " says " + expected,
        REPLICA_BOUND,
        () -> RedisConnection.ask(server.address(), "INFO", section).contains(expected),
        server::logTail);
  }
}
