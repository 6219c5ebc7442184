package io.liiklus.positions.cassandra;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Nodes that are asked first, as {@code host:port,[::1]:port,host}. Names are not looked up here.
 * Immutable.
 */
record ContactPoints(List<InetSocketAddress> nodes) {

  static final int DEFAULT_PORT = 9_042;
  private static final int MAX_PORT = 65_535;

  /** An IPv6 address in brackets, or anything without a colon; a port behind it. */
  private static final Pattern NODE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)\\]|([^\\s:/\\[\\]]+))(?::(\\d{1,5}))?");

  /**
   * @throws IllegalArgumentException that says what is allowed
   */
  static ContactPoints parse(String text) {
    var nodes = new ArrayList<InetSocketAddress>();
    for (var node : text.split(",", -1)) {
      nodes.add(parseNode(node.strip()));
    }
    return new ContactPoints(List.copyOf(nodes));
  }

  private static InetSocketAddress parseNode(String node) {
    var matcher = NODE.matcher(node);
    int port = 0;
    if (matcher.matches()) {
      port = matcher.group(3) == null ? DEFAULT_PORT : Integer.parseInt(matcher.group(3));
    }
    if (port < 1 || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "'" + node + "' is no node; host, host:port or [IPv6]:port, separated by commas");
    }
    var host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    return InetSocketAddress.createUnresolved(host, port);
  }

  @Override
  public String toString() {
    return nodes.stream()
        .map(node -> node.getHostString() + ":" + node.getPort())
        .collect(Collectors.joining(","));
  }
}
