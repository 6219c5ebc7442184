package io.liiklus.server.ops;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Connections of the HTTP port, with a bound on their number and on their memory. Past a bound, the
 * connections are closed that have waited longest for their clients. So a new client is served,
 * however many others are connected and silent. Confined to the event loop of the HTTP port.
 */
final class OpsConnections {

  /**
   * Number of large answers that are kept for clients that do not read them; connections may share
   * one.
   */
  static final int MAX_UNREAD_ANSWERS = 8;

  private final int maxConnections;

  /** Connections that wait for their clients to send or to read, longest first. */
  private final Set<OpsConnection> waiting = new LinkedHashSet<>();

  /** Connections whose answers are being made, longest first. */
  private final Set<OpsConnection> serving = new LinkedHashSet<>();

  /** The connections that a large answer is being sent to; the oldest answer first. */
  private final Map<Answer, Set<OpsConnection>> receiving = new LinkedHashMap<>();

  OpsConnections(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  void opened(OpsConnection connection) {
    if (waiting.size() + serving.size() >= maxConnections) {
      (waiting.isEmpty() ? serving : waiting).iterator().next().close();
    }
    waiting.add(connection);
  }

  void closed(OpsConnection connection) {
    waiting.remove(connection);
    serving.remove(connection);
  }

  /** Notes that the connection has a whole request. */
  void serves(OpsConnection connection) {
    waiting.remove(connection);
    serving.add(connection);
  }

  /** Notes that the connection goes on when its client has sent, or read, something. */
  void waitsForClient(OpsConnection connection) {
    closed(connection);
    waiting.add(connection);
  }

  /** To be followed by {@link #sent} in any case. */
  void sends(OpsConnection connection, Answer answer) {
    receiving.computeIfAbsent(answer, unused -> new HashSet<>()).add(connection);
    if (receiving.size() > MAX_UNREAD_ANSWERS) {
      var oldest = receiving.values().iterator().next();
      List.copyOf(oldest).forEach(OpsConnection::close);
    }
  }

  void sent(OpsConnection connection, Answer answer) {
    var receivers = receiving.get(answer);
    if (receivers != null && receivers.remove(connection) && receivers.isEmpty()) {
      receiving.remove(answer);
    }
  }
}
