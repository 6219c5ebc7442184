package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A node of Cassandra that keeps its address and its data through {@link #kill} and {@link
 * #restart}. Thread-safe, but one thread at a time should take it down and up.
 *
 * <p>It is always a process, and needs Java 17 and the jars of the profile {@code servers}. Its
 * datacenter is {@code datacenter1}. It takes about 900 MiB of memory.
 */
public final class CassandraServer implements AutoCloseable {

  /** The user that may do everything, and its password, where {@link Access#LOGIN} is wanted. */
  public static final String USER = "cassandra";

  /** What clients need. */
  public enum Access {
    ANY,
    /** A user and its password; rights are checked. */
    LOGIN,
    TLS
  }

  /** Set by the profile. */
  private static final String PROPERTY = "liiklus.testing.servers";

  private static final int JAVA = 17;
  private static final Duration START_BOUND = Duration.ofMinutes(3);
  private static final Duration STOP_BOUND = Duration.ofSeconds(30);
  private static final int PROBE_MS = 1_000;

  private final InetSocketAddress address;
  private final Path folder;
  private final List<String> command;
  private volatile ServerProcess process;

  private CassandraServer(InetSocketAddress address, Path folder, List<String> command) {
    this.address = address;
    this.folder = folder;
    this.command = command;
  }

  /** Why no server can be started here; empty where one can. */
  public static Optional<String> obstacle() {
    if (!Boolean.getBoolean(PROPERTY)) {
      return Optional.of("the profile servers is not on: mvn -Pservers");
    }
    int java = Runtime.version().feature();
    return java == JAVA
        ? Optional.empty()
        : Optional.of("Cassandra runs on Java " + JAVA + " alone, and this is Java " + java);
  }

  /** Starts one node and returns when it serves. */
  public static CassandraServer start() {
    return start(Access.ANY);
  }

  /** Starts one node and returns when it serves. */
  public static CassandraServer start(Access access) {
    var server = create("127.0.0.1", FreePorts.pick(2), "", access);
    server.restart();
    return server;
  }

  /** Starts three nodes, which share out the data evenly, and returns when they serve. */
  public static List<CassandraServer> startThree() {
    var tokens = List.of("-9223372036854775808", "-3074457345618258603", "3074457345618258602");
    var ports = FreePorts.pick(2);
    var nodes = new ArrayList<CassandraServer>();
    try {
      for (int i = 0; i < tokens.size(); i++) {
        var node = create("127.0.0." + (i + 1), ports, tokens.get(i), Access.ANY);
        nodes.add(node);
        node.restart();
      }
      return List.copyOf(nodes);
    } catch (RuntimeException failure) {
      nodes.forEach(CassandraServer::close);
      throw failure;
    }
  }

  private static CassandraServer create(
      String host, List<Integer> ports, String token, Access access) {
    var folder = ServerFolder.create("cassandra");
    int port = ports.get(1);
    var files = new CassandraFiles(folder);
    files.write(host, ports.get(0), port, token);
    files.write(access);
    return new CassandraServer(new InetSocketAddress(host, port), folder, files.command());
  }

  public String host() {
    return address.getHostString();
  }

  public int port() {
    return address.getPort();
  }

  /** {@code host:port}. */
  public String contactPoint() {
    return host() + ":" + port();
  }

  /** The certificate in PEM, for the names localhost and 127.0.0.1, of one that speaks TLS. */
  public Path certificate() {
    return folder.resolve("server.crt");
  }

  /** SIGKILL. Returns when the server is gone. */
  public void kill() {
    process.kill();
  }

  /** Starts the server again, stopping it first if it runs; returns when it serves. */
  public void restart() {
    if (process != null && process.isAlive()) {
      process.stop(STOP_BOUND);
    }
    var started = ServerProcess.start(folder, "cassandra.log", command);
    process = started;
    Poll.until(
        "Cassandra serves on " + contactPoint(),
        START_BOUND,
        () -> {
          if (!started.isAlive()) {
            throw new IllegalStateException("Cassandra ended while it started\n" + started.tail());
          }
          return accepts();
        },
        started::tail);
  }

  private boolean accepts() {
    try (var socket = new Socket()) {
      socket.connect(address, PROBE_MS);
      return true;
    } catch (IOException refused) {
      return false;
    }
  }

  /** Makes the server hang: connections stay and new ones are accepted, but nothing is answered. */
  public void pause() {
    process.signal("STOP");
  }

  /** Ends a {@link #pause}. */
  public void resume() {
    process.signal("CONT");
  }

  /** The last lines of the server's log. */
  public String logTail() {
    return process == null ? "not started" : process.tail();
  }

  /** Ends the server with SIGKILL and deletes its data. Its log stays. */
  @Override
  public void close() {
    if (process != null) {
      process.kill();
    }
    ServerFolder.delete(folder.resolve(CassandraFiles.DATA));
  }

  /** Bytes of memory that are free, or can be. */
  public static long freeMemory() {
    try (var lines = Files.lines(Path.of("/proc/meminfo"))) {
      return lines
          .filter(line -> line.startsWith("MemAvailable:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
