package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Port that passes all bytes to another, and can make the server there slow, silent or away; or
 * that spreads its connections over several, as a balancer does. Thread-safe.
 *
 * <p>Threads: one accepts, and for each connection one reads requests, one reads answers and one
 * writes answers. All are daemons and end with their connection.
 */
public final class TcpRelay implements AutoCloseable {

  private static final int BACKLOG = 64;
  private static final int CONNECT_BOUND_MS = 5_000;

  private final List<InetSocketAddress> targets;
  private final int port;

  /** Number of connections so far; each goes to the next target. */
  private final AtomicInteger turn = new AtomicInteger();

  // Any thread.
  private volatile long delayNs;
  private final RelayHold hold = new RelayHold();

  private final Set<RelayedConnection> connections = ConcurrentHashMap.newKeySet();

  // Guarded by this.
  private ServerSocket listener;
  private Thread acceptor;

  private TcpRelay(List<InetSocketAddress> targets, int port) {
    this.targets = List.copyOf(targets);
    this.port = port;
  }

  /** Starts a relay to the server, which need not be there yet. */
  public static TcpRelay start(String host, int port) {
    return spreading(List.of(InetSocketAddress.createUnresolved(host, port)));
  }

  /**
   * Starts a relay whose connections take turns over the servers; one that does not listen is
   * passed over.
   */
  public static TcpRelay spreading(List<InetSocketAddress> servers) {
    var relay = new TcpRelay(servers, FreePorts.pickOne());
    relay.restore();
    return relay;
  }

  /** Always 127.0.0.1. */
  public String host() {
    return "127.0.0.1";
  }

  /** Port of the relay, the same for its whole life. */
  public int port() {
    return port;
  }

  /**
   * From now on all that the server sends arrives later by this much, without being slower in bytes
   * per second: one round trip takes that much longer. Zero ends it.
   */
  public void delay(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("delay: zero or more is allowed, got " + delay);
    }
    delayNs = delay.toNanos();
  }

  /**
   * From now on nothing passes, either way, and no connection closes: each side looks to the other
   * like a machine that is gone.
   */
  public void hold() {
    hold.begin();
  }

  /** Ends a {@link #hold}: the held bytes arrive. */
  public void letGo() {
    hold.end();
  }

  /** Closes all connections and refuses new ones. Without effect on a relay that is cut. */
  public synchronized void cut() {
    if (listener == null) {
      return;
    }
    RelayedConnection.closeQuietly(listener);
    listener = null;
    // The port is free only when the thread that waits in accept has left it.
    awaitEnd(acceptor);
    connections.forEach(RelayedConnection::close);
  }

  /** Ends a {@link #cut}, on the same port. Without effect on a relay that is not cut. */
  public synchronized void restore() {
    if (listener != null) {
      return;
    }
    try {
      var opened = new ServerSocket();
      opened.setReuseAddress(true);
      opened.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      listener = opened;
      acceptor = RelayedConnection.startDaemon("relay " + port, () -> accept(opened));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on port " + port, e);
    }
  }

  /** Number of current connections. */
  public int connections() {
    return connections.size();
  }

  @Override
  public void close() {
    cut();
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        open(from.accept());
      } catch (IOException e) {
        // Cut, which ends the loop, or one client that left early, which does not.
      }
    }
  }

  private void open(Socket client) throws IOException {
    Socket server;
    try {
      server = connect();
    } catch (IOException e) {
      RelayedConnection.closeQuietly(client);
      throw e;
    }
    var connection =
        new RelayedConnection(client, server, () -> delayNs, hold, connections::remove);
    connections.add(connection);
    connection.run();
  }

  /** Connects to the target whose turn it is, or to the next that listens. */
  private Socket connect() throws IOException {
    int first = turn.getAndIncrement();
    for (int i = 0; ; i++) {
      var target = targets.get(Math.floorMod(first + i, targets.size()));
      var server = new Socket();
      try {
        server.connect(
            new InetSocketAddress(target.getHostString(), target.getPort()), CONNECT_BOUND_MS);
        return server;
      } catch (IOException e) {
        RelayedConnection.closeQuietly(server);
        if (i + 1 == targets.size()) {
          throw e;
        }
      }
    }
  }

  private static void awaitEnd(Thread thread) {
    try {
      // Longer than the one wait it may be in.
      thread.join(2 * CONNECT_BOUND_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
