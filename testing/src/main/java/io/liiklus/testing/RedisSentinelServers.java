package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

  private final int sentinelTlsPort;

  private RedisSentinelServers(
      ProcessRedisServer master,
      ProcessRedisServer replica,
      ProcessRedisServer sentinel,
      int sentinelTlsPort) {
    this.master = master;
    this.replica = replica;
    this.sentinel = sentinel;
    this.sentinelTlsPort = sentinelTlsPort;
  }

  /** Starts the three, none of which wants a password. */
  public static RedisSentinelServers start() {
    return start("", "");
  }

  /**
   * Starts the three and returns when the sentinel could fail over.
   *
   * @param password of master and replica; empty: none
   * @param sentinelPassword the same of the sentinel
   */
  public static RedisSentinelServers start(String password, String sentinelPassword) {
    var started = new ArrayList<ProcessRedisServer>();
    try {
      var master =
          ProcessRedisServer.start(FreePorts.pickOne(), password, ProcessRedisServer.DURABLE);
      started.add(master);
      var replica =
          ProcessRedisServer.start(FreePorts.pickOne(), password, replicaArguments(master));
      started.add(replica);
      awaitInfo(replica, "REPLICATION", "master_link_status:up");
      int tlsPort = FreePorts.pickOne();
      var sentinel = startSentinel(master, sentinelPassword, tlsPort);
      started.add(sentinel);
      awaitInfo(sentinel, "SENTINEL", "status=ok");
      awaitInfo(sentinel, "SENTINEL", "slaves=1");
      return new RedisSentinelServers(master, replica, sentinel, tlsPort);
    } catch (RuntimeException e) {
      started.forEach(ProcessRedisServer::close);
      throw e;
    }
  }

  /** {@code redis-sentinel://host:port#name}, host and port of the sentinel. */
  public String uri() {
    return uri("");
  }

  /**
   * {@code redis-sentinel://user:password@host:port#name}.
   *
   * @param login user and password for the master, as they stand in a URI; either may be missing
   */
  public String uri(String login) {
    var user = login.isEmpty() ? "" : login + "@";
    var address = sentinel.host() + ":" + sentinel.port();
    return "redis-sentinel://" + user + address + "#" + MASTER_NAME;
  }

  /**
   * As {@link #uri()}, with the port on which the sentinel alone takes TLS, with a certificate that
   * nobody has signed.
   */
  public String uriOfTlsSentinel() {
    var address = sentinel.host() + ":" + sentinelTlsPort;
    return "redis-sentinel://" + address + "?verifyPeer=NONE#" + MASTER_NAME;
  }

  /** The answer of the sentinel to one command. */
  public String askSentinel(String... words) {
    return RedisConnection.askAs(sentinel.address(), sentinel.password(), words);
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
    if (!master.password().isEmpty()) {
      arguments.addAll(List.of("--masterauth", master.password()));
    }
    return arguments;
  }

  private static ProcessRedisServer startSentinel(
      ProcessRedisServer master, String password, int tlsPort) {
    int port = FreePorts.pickOne();
    var folder = ServerFolder.create("redis-sentinel");
    var file = folder.resolve("sentinel.conf");
    var settings = sentinelSettings(port, password, master);
    var tls = TlsFiles.create(folder);
    settings.add("dir " + folder);
    settings.add("tls-port " + tlsPort);
    settings.add("tls-cert-file " + tls.certificate());
    settings.add("tls-key-file " + tls.key());
    settings.add("tls-ca-cert-file " + tls.certificate());
    settings.add("tls-auth-clients no");
    try {
      // The sentinel rewrites this file with its findings.
      Files.write(file, settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ProcessRedisServer.start(port, password, folder, List.of(file.toString(), "--sentinel"));
  }

  private static List<String> sentinelSettings(
      int port, String password, ProcessRedisServer master) {
    var address = master.host() + " " + master.port();
    var settings = new ArrayList<String>();
    settings.add("port " + port);
    settings.add("bind 127.0.0.1");
    settings.add("sentinel monitor " + MASTER_NAME + " " + address + " 1");
    settings.add("sentinel down-after-milliseconds " + MASTER_NAME + " 1000");
    settings.add("sentinel failover-timeout " + MASTER_NAME + " 3000");
    if (!master.password().isEmpty()) {
      settings.add("sentinel auth-pass " + MASTER_NAME + " " + master.password());
    }
    if (!password.isEmpty()) {
      settings.add("requirepass " + password);
    }
    return settings;
  }

  private static void awaitInfo(ProcessRedisServer server, String section, String expected) {
    Poll.until(
        "INFO " + section + " says " + expected,
        REPLICA_BOUND,
        () ->
            RedisConnection.askAs(server.address(), server.password(), "INFO", section)
                .contains(expected),
        server::logTail);
  }
}
