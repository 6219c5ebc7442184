package io.liiklus.faults.deployment;

import io.liiklus.testing.CassandraServer;
import io.liiklus.testing.TcpRelay;
import java.util.List;

/**
 * Three nodes of Cassandra, the first of them behind a relay. Thread-safe, but one thread at a time
 * should break them.
 */
public final class CassandraNodes implements AutoCloseable {

  private static final String JAR = "liiklus-cassandra.jar";

  private final List<CassandraServer> nodes;
  private final TcpRelay relay;

  private CassandraNodes(List<CassandraServer> nodes) {
    this.nodes = nodes;
    this.relay = TcpRelay.start(nodes.get(0).host(), nodes.get(0).port());
  }

  /** Returns when all serve. */
  static CassandraNodes start() {
    return new CassandraNodes(CassandraServer.startThree());
  }

  /** Settings of a gateway that has the plugin and keeps its positions there. */
  List<String> settings() {
    return List.of(
        "--plugins.dir=" + Release.checkout().resolve("positions-cassandra").resolve("target"),
        "--plugins.pathMatcher=" + JAR,
        "--storage.positions.type=CASSANDRA",
        "--cassandra.contactPoints=" + relay.host() + ":" + relay.port(),
        "--cassandra.createKeyspace=true");
  }

  /** Between the gateways and the first node, which knows the others. */
  TcpRelay relay() {
    return relay;
  }

  PositionsServer server() {
    return new PositionsServer(
        () -> nodes.forEach(CassandraServer::kill),
        () -> nodes.forEach(CassandraServer::restart),
        () -> nodes.forEach(CassandraServer::pause),
        () -> nodes.forEach(CassandraServer::resume));
  }

  /** One that a quorum does without. */
  public CassandraServer last() {
    return nodes.get(nodes.size() - 1);
  }

  @Override
  public void close() {
    relay.close();
    nodes.forEach(CassandraServer::close);
  }
}
