package io.liiklus.positions.cassandra;

import io.liiklus.api.MapSettings;
import io.liiklus.testing.CassandraServer;
import java.util.Map;

/** Settings as {@code reference.conf} has them, to change for a test. */
final class TestSettings {

  static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("contactPoints", ""),
          Map.entry("localDatacenter", ""),
          Map.entry("keyspace", "liiklus"),
          Map.entry("createKeyspace", "false"),
          Map.entry("replication", "3"),
          Map.entry("createTables", "true"),
          Map.entry("user", ""),
          Map.entry("password", ""),
          Map.entry("tls.enabled", "false"),
          Map.entry("tls.trustCert", ""),
          Map.entry("tls.key", ""),
          Map.entry("tls.keyCertChain", ""),
          Map.entry("tls.verifyHostname", "true"),
          Map.entry("consistency", "LOCAL_QUORUM"),
          Map.entry("callTimeout", "2s"),
          Map.entry("maxPendingCalls", "10000"));

  private TestSettings() {}

  static MapSettings defaults() {
    return new MapSettings(DEFAULTS);
  }

  /** Defaults for one node, on a busy machine, with a keyspace that the gateway makes. */
  static MapSettings at(CassandraServer server, String keyspace) {
    return defaults()
        .with("contactPoints", server.contactPoint())
        .with("keyspace", keyspace)
        .with("createKeyspace", "true")
        .with("replication", "1")
        .with("callTimeout", "15s");
  }
}
